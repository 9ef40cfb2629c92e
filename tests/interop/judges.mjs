// One process for many judgements. Reads {"didDocument", "documents", "jobs"} from standard input and writes one answer
// for each job: {"accepted", "reason", "seconds"} and what else its judge learnt. A job is {"judge", "signed", …}.
import {text} from 'node:stream/consumers';
import {CREDENTIAL_JUDGES} from './credentials.mjs';
import {documentLoader} from './documents.mjs';
import {QR_JUDGES} from './qr_codes.mjs';

const JUDGES = {...CREDENTIAL_JUDGES, ...QR_JUDGES};

async function answer(job, loader) {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    return {...await JUDGES[job.judge](job, loader), seconds: seconds()};
  } catch(error) {
    return {accepted: false, reason: String(error.message), seconds: seconds()};
  }
}

globalThis.fetch = () => {
  throw new Error('The judges work offline.');
};
const {didDocument, documents, jobs} = JSON.parse(await text(process.stdin));
const loader = await documentLoader(didDocument, documents);
const answers = [];
for(const job of jobs) {
  answers.push(await answer(job, loader));
}
process.stdout.write(JSON.stringify(answers));
