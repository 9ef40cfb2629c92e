// Records, Open Badges and status lists, judged by Digital Bazaar's libraries and by the Digital Credentials
// Consortium's, which Open Badges wallets use.
import * as bazaar from '@digitalbazaar/vc';
import * as bazaarProof from '@digitalbazaar/data-integrity';
import * as consortium from '@digitalcredentials/vc';
import * as consortiumProof from '@digitalcredentials/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite as consortiumRdfc} from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite';
import {createVerifyCryptosuite as createJcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const JCS = {vc: bazaar, proof: bazaarProof, cryptosuite: createJcs()};
const RDFC = {vc: bazaar, proof: bazaarProof, cryptosuite: rdfc};
const CONSORTIUM = {vc: consortium, proof: consortiumProof, cryptosuite: consortiumRdfc};

// Not looked at: whether a certificate stands is asked of `status`, so that a missing list fails no signature.
async function statusElsewhere() {
  return {verified: true};
}

function judge({vc, proof, cryptosuite}, statusOf = statusElsewhere) {
  return async ({signed, now}, loader) => {
    const result = await vc.verifyCredential({
      credential: JSON.parse(signed),
      suite: new proof.DataIntegrityProof({cryptosuite}),
      documentLoader: loader,
      checkStatus: statusOf,
      now,
    });
    const statuses = (result.statusResult?.results ?? []).map(one => [one.credentialStatus?.statusPurpose, one.status]);
    return {accepted: result.verified, reason: reason(result), statuses: Object.fromEntries(statuses)};
  };
}

function reason(result) {
  const error = result.error ?? result.statusResult?.error;
  return [error?.message, ...(error?.errors ?? []).map(one => one.message)].filter(Boolean).join('; ');
}

export const CREDENTIAL_JUDGES = {
  'digitalbazaar eddsa-jcs-2022': judge(JCS),
  'digitalbazaar eddsa-rdfc-2022': judge(RDFC),
  'digitalcredentials eddsa-rdfc-2022': judge(CONSORTIUM),
  'digitalbazaar status': judge(JCS, checkStatus),
};
