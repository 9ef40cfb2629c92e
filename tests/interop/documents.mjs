// Documents by their address, from this checkout and from the jobs: a judge that asks for anything else has failed.
import {readFile} from 'node:fs/promises';

const CONTEXTS = {
  'https://www.w3.org/ns/credentials/v2': 'credentials-v2.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json': 'open-badges-3.0.3.json',
};
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

// Returns a document loader of JSON-LD that knows the two contexts, the DID document with each of its keys, and
// `others` (address to document).
export async function documentLoader(didDocument, others) {
  const documents = new Map(Object.entries(others));
  for(const [url, file] of Object.entries(CONTEXTS)) {
    const path = new URL(`../contexts/${file}`, import.meta.url);
    documents.set(url, JSON.parse(await readFile(path, 'utf8')));
  }
  documents.set(didDocument.id, didDocument);
  for(const key of didDocument.verificationMethod) {
    documents.set(key.id, {'@context': MULTIKEY, ...key});
  }
  return async url => {
    if(!documents.has(url)) {
      throw new Error(`The judges work offline; asked for ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(documents.get(url))};
  };
}
