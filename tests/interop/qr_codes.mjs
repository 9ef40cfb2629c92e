// COSE signatures of QR codes, judged by Auth0's library with a key of the published JWK set.
import {Algorithms, Sign1} from '@auth0/cose';
import {webcrypto} from 'node:crypto';

export const QR_JUDGES = {
  'auth0 cose': async ({signed, jwk}) => {
    const message = Sign1.decode(Buffer.from(signed, 'base64url'));
    const {kty, crv, x} = jwk;
    const key = await webcrypto.subtle.importKey('jwk', {kty, crv, x}, 'Ed25519', false, ['verify']);
    await message.verify(key, {algorithms: [Algorithms.EdDSA]});
    return {accepted: true, payload: Buffer.from(message.payload).toString('base64url')};
  },
};
