// Verifies a certificate without asking anybody: its record, its QR code's text or a status list, by public keys alone.
// For browsers and Node 20, no dependencies. FORMAT.md, beside this file, says what is signed, byte by byte.
//   node verify.mjs [--keys DIR] [--status FILE]... [--url ORIGIN]... FILE_OR_TEXT
//
// DIR holds did.json and jwks.json from the issuer's site. FILE_OR_TEXT: a record, a status list or a QR code's text in
// a file, such a text itself, or - for standard input. Without status lists revocation is not checked, as the answer
// says. Prints one JSON object; --url names a further address of an issuer that has moved.
// Exit: 0 valid, 1 invalid, 2 wrong usage, 3 revoked or superseded, 4 unverifiable.

const ORIGIN = "https://[a-z0-9.-]+(?::[1-9]\\d{0,4})?|http://(?:127\\.0\\.0\\.1|localhost)(?::[1-9]\\d{0,4})?";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
const SUITE = { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022", proofPurpose: "assertionMethod" };
const [ENTRIES, MAX_LENGTH] = [131072, 65536]; // of one status list; of what is read at all

export class CannotCheck extends Error {} // an old browser, or no https; every other error means: not what the issuer signed
const giveUp = () => { throw new CannotCheck(); };
const refuse = (code) => { throw Object.assign(new Error(), { code }); };
const need = (holds, code) => holds || refuse(code);
const match = (pattern, text, code) => new RegExp(`^(?:${pattern})$`).exec(text) ?? refuse(code);
const decode = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const fromHex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const dateInChina = (milliseconds) => new Date(milliseconds + 8 * 3600e3).toISOString().slice(0, 10);

function base64url(text) {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const again = btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  need(again === text, "MALFORMED"); // one spelling only
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function base58(text, length) {
  const [, ones, digits] = match("z(1*)([1-9A-HJ-NP-Za-km-z]{1,100})", text, "MALFORMED");
  const number = [...digits].reduce((sum, digit) => sum * 58n + BigInt(BASE58.indexOf(digit)), 0n);
  const hex = number.toString(16).padStart(length * 2, "0");
  need(hex.length === length * 2 && ones.length === /^(00)*/.exec(hex)[0].length / 2, "MALFORMED");
  return fromHex(hex);
}

// RFC 8785 on the subset that all software agrees on: ASCII member names, no floats, no lone surrogates.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort();
    need(/^[\0-\x7f]*$/.test(names.join("")), "MALFORMED");
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  need(typeof value !== "number" || Number.isSafeInteger(value), "MALFORMED");
  need(typeof value !== "string" || !/\p{Surrogate}/u.test(value), "MALFORMED");
  return JSON.stringify(value);
}

async function needSignature(publicKey, signature, data) {
  need(publicKey, "NOT_OUR_SIGNATURE");
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]).catch(giveUp);
  need(await crypto.subtle.verify("Ed25519", key, signature, data), "SIGNATURE_BROKEN");
}

// A key signs one format only: `c` records and `s` status lists (in did.json), `q` QR codes (in jwks.json, by coseKid).
export function readKeys(didJson, jwksJson, furtherOrigins = []) {
  const { id: did, verificationMethod: methods, assertionMethod: asserting } = JSON.parse(didJson);
  const host = match("did:web:([a-z0-9.-]+(?:%3A\\d+)?)", did, "MALFORMED")[1].replace("%3A", ":");
  const own = (/^(127\.0\.0\.1|localhost)(:|$)/.test(host) ? "http://" : "https://") + host;
  const trusted = methods.filter(({ id }) => asserting.includes(id));
  const qr = JSON.parse(jwksJson).keys.filter(({ kid }) => /^\d{4}-q\d{1,4}$/.test(kid));
  return {
    did,
    origins: [own, ...furtherOrigins],
    assertion: new Map(trusted.map((method) => [method.id, base58(method.publicKeyMultibase, 34).subarray(2)])),
    qr: new Map(qr.map(({ coseKid, x }) => [coseKid, base64url(x)])),
  };
}

// W3C Data Integrity, cryptosuite eddsa-jcs-2022: one proof of exactly these members, by a key of the wanted letter.
async function verifyDocument(text, keys, letter) {
  const signed = JSON.parse(text);
  need(canonical(signed) === text, "MALFORMED"); // white space, doubled members, other escapes
  const { proof: { proofValue, ...options }, ...document } = signed;
  const { created, verificationMethod } = options;
  const [did, keyId] = verificationMethod.split("#");
  need(did === keys.did, "NOT_OUR_SIGNATURE");
  match(`\\d{4}-${letter}\\d{1,4}`, keyId, "NOT_OUR_SIGNATURE");
  match(INSTANT, created, "MALFORMED");
  const wanted = { "@context": document["@context"], ...SUITE, created, verificationMethod: `${did}#${keyId}` };
  need(canonical(options) === canonical(wanted), "MALFORMED");
  const parts = [options, document].map((part) => new TextEncoder().encode(canonical(part)));
  const data = new Blob(await Promise.all(parts.map((part) => crypto.subtle.digest("SHA-256", part))));
  await needSignature(keys.assertion.get(verificationMethod), base58(proofValue, 64), await data.arrayBuffer());
  return document;
}

async function verifyRecord(text, keys) {
  const document = await verifyDocument(text, keys, "c");
  const { id, issuer, validFrom, name: title, credentialStatus, credentialSubject } = document;
  const [, origin] = match(`(${ORIGIN})/v/[${CROCKFORD}]{16}/record\\.json`, id, "MALFORMED");
  need(keys.origins.includes(origin) && issuer.id === keys.did, "OTHER_SITE");
  const [, list, position] = match(`${origin}/status/revocation/(\\d{1,9})#(\\d{1,6})`, credentialStatus[0].id, "MALFORMED");
  const { identifier: [{ identityHash: name }, { identityHash: sex }], licenseNumber: number } = credentialSubject;
  const certificate = { title, number, name, sex, issuedOn: dateInChina(Date.parse(validFrom)), issuer: issuer.name };
  return { certificate, list: Number(list), position: Number(position) };
}

// The items of deterministic CBOR (RFC 8949 §4.2.1) one after another, arrays and maps opened; strings as bytes.
function* cborItems(bytes) {
  for (let at = 0; at < bytes.length; ) {
    const [major, size] = [bytes[at] >> 5, bytes[at++] & 31];
    const wide = size < 24 ? 0 : 2 ** (size - 24);
    const value = wide ? bytes.subarray(at, (at += wide)).reduce((sum, byte) => sum * 256 + byte, 0) : size;
    need(!wide || value >= (wide === 1 ? 24 : 256 ** (wide / 2)), "MALFORMED"); // the shortest spelling only
    yield major === 2 || major === 3 ? bytes.subarray(at, (at += value)) : value;
  }
}

export async function verifyQr(text, keys) {
  const [, origin, token, fragment] = match(`(${ORIGIN})/v/([${CROCKFORD}]{16})#([\\w-]{1,1000})`, text, "MALFORMED");
  need(keys.origins.includes(origin), "OTHER_SITE");
  const cose = "d28447a201270442(.{4})a0(5[89].*)5840(.{128})"; // a payload with its head, as both are signed
  const [, kid, payload, signature] = match(cose, toHex(base64url(fragment)), "MALFORMED");
  const data = fromHex(`846a5369676e61747572653147a201270442${kid}40${payload}`);
  await needSignature(keys.qr.get(parseInt(kid, 16)), fromHex(signature), data);
  const [claims] = cborItems(fromHex(payload));
  const [size, six, issuedAt, seven, cti, own, four, kind, name, number, index, ...more] = cborItems(claims);
  need([size, six, seven, own, four, ...more].join() === "3,6,7,65536,4" && kind > 0, "MALFORMED");
  const bits = Array.from(cti, (byte) => byte.toString(2).padStart(8, "0")).join("");
  need(bits.replace(/.{5}/g, (five) => CROCKFORD[parseInt(five, 2)]) === token, "OTHER_ADDRESS");
  const certificate = { number: decode(number), name: decode(name), issuedOn: dateInChina(issuedAt * 1000) };
  return { certificate, kind, list: Math.floor(index / ENTRIES), position: index % ENTRIES };
}

async function verifyStatusList(text, keys) {
  const { id, issuer, validUntil, credentialSubject } = await verifyDocument(text, keys, "s");
  const [, origin, purpose, list] = match(`(${ORIGIN})/status/(revocation|refresh)/(\\d{1,9})`, id, "MALFORMED");
  need(keys.origins.includes(origin) && issuer === keys.did, "OTHER_SITE");
  need(credentialSubject.statusPurpose === purpose && new RegExp(INSTANT).test(validUntil), "MALFORMED");
  const [, zipped] = match("u([\\w-]+)", credentialSubject.encodedList, "MALFORMED");
  const unzipped = new Blob([base64url(zipped)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bits = new Uint8Array(await new Response(unzipped).arrayBuffer());
  need(bits.length * 8 === ENTRIES, "MALFORMED");
  const isSet = (position) => ((bits[position >> 3] >> (7 - (position & 7))) & 1) === 1;
  return { purpose, list: Number(list), validUntil: new Date(validUntil), isSet };
}

// Superseded certificates are in both lists, revoked ones in `revocation` alone. Of two lists the later one counts.
async function checkStatus({ list, position, validUntil }, listTexts, keys, now) {
  if (validUntil) return validUntil < now ? ["error", "STATUS_LIST_STALE"] : ["pass", "VALID"]; // a list itself
  if (!listTexts.length) return ["skipped", "NOT_ASKED"];
  const latest = {};
  for (const text of listTexts) {
    const found = await verifyStatusList(text, keys);
    if (found.list === list && !(latest[found.purpose]?.validUntil > found.validUntil)) latest[found.purpose] = found;
  }
  const lists = ["revocation", "refresh"].map((purpose) => latest[purpose]);
  if (!lists.every(Boolean)) return ["error", "STATUS_LIST_MISSING"];
  if (lists.some(({ validUntil }) => validUntil < now)) return ["error", "STATUS_LIST_STALE"];
  const [revoked, superseded] = lists.map((one) => one.isSet(position));
  return superseded ? ["fail", "SUPERSEDED"] : revoked ? ["fail", "REVOKED"] : ["pass", "VALID"];
}

// Returns {outcome, checks, certificate} for one artefact (bytes or text); never throws, and never asks the register.
export async function judge(artefact, keys, listTexts = [], now = new Date()) {
  const checks = [];
  const answer = (outcome, found) => ({ outcome, checks, certificate: found?.certificate ?? null });
  const add = (check, outcome, detail) => checks.push({ check, outcome, detail });
  let found;
  try {
    need(artefact.length <= MAX_LENGTH, "MALFORMED");
    if (!globalThis.crypto?.subtle) giveUp();
    const text = typeof artefact === "string" ? artefact : decode(artefact);
    const verifyJson = text.includes('"BitstringStatusListCredential"') ? verifyStatusList : verifyRecord;
    found = await (text.startsWith("{") ? verifyJson(text, keys) : verifyQr(text.trim(), keys));
  } catch (error) {
    add("signature", ...(error instanceof CannotCheck ? ["error", "NO_ED25519"] : ["fail", error.code ?? "MALFORMED"]));
    return answer(error instanceof CannotCheck ? "unverifiable" : "invalid");
  }
  add("signature", "pass", "SIGNED_BY_ISSUER");
  const [outcome, detail] = await checkStatus(found, listTexts, keys, now).catch(() => ["error", "STATUS_LIST_INVALID"]);
  add("status", outcome, detail);
  add("registry", "skipped", "NOT_ASKED");
  return answer({ fail: detail.toLowerCase(), error: "unverifiable" }[outcome] ?? "valid", found);
}

async function main(given) {
  const { readFileSync, existsSync } = await import("node:fs");
  const [options, artefacts] = [{ "--keys": [], "--status": [], "--url": [] }, []];
  while (given.length) (options[given[0]] ? options[given.shift()] : artefacts).push(given.shift());
  if (artefacts.length !== 1) throw new Error("usage: verify.mjs [--keys DIR] [--status FILE]... FILE_OR_TEXT");
  const [[artefact], [directory = "."]] = [artefacts, options["--keys"]];
  const read = (file) => readFileSync(file, "utf8");
  const keys = readKeys(read(`${directory}/did.json`), read(`${directory}/jwks.json`), options["--url"]);
  const content = artefact === "-" ? readFileSync(0) : existsSync(artefact) ? readFileSync(artefact) : artefact;
  const verdict = await judge(content, keys, options["--status"].map(read));
  console.log(JSON.stringify(verdict, null, 2));
  return { valid: 0, invalid: 1, revoked: 3, superseded: 3, unverifiable: 4 }[verdict.outcome];
}

if (globalThis.process?.argv[1]?.endsWith("verify.mjs"))
  process.exitCode = await main(process.argv.slice(2)).catch((error) => (console.error(error.message), 2));
