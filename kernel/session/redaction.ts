/** What a secret is replaced with. */
export const redacted = "[redacted]";

/** Tokens whose form alone says what they are. */
const tokens: readonly RegExp[] = [
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bASIA[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}\b/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bhf_[A-Za-z0-9]{20,}\b/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}\b/g,
  /\br8_[A-Za-z0-9]{20,}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bnpm_[A-Za-z0-9]{30,}\b/g,
  /\bAIza[0-9A-Za-z_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g,
];

const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----|$)/g;

/** `scheme://user:password@host` */
const credentials = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi;

const bearer = /\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"',]+/gi;

/** `name = value` where the name speaks of a secret and the value is not short. */
const assignment =
  /((?:[\w-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w-]{0,40})["'`]?\s*[:=]\s*)(["'`]?)(?!\[redacted\])([^\s"'`,;(){}]{6,})\2/gi;

/** Replaces everything in a text that looks like a secret: known token forms, private keys, passwords in addresses and assignments. */
export function redact(text: string): string {
  let result = text.replace(keyBlock, redacted);
  for (const token of tokens) result = result.replace(token, redacted);
  return result
    .replace(bearer, `$1${redacted}`)
    .replace(credentials, `$1:${redacted}@`)
    .replace(assignment, (_all, name: string, quote: string) => `${name}${quote}${redacted}${quote}`);
}

const secretFile =
  /(^|\/)(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.pgpass|\.htpasswd|id_(rsa|dsa|ecdsa|ed25519)|credentials?(\.\w+)?|secrets?(\.\w+)?|service[-_]account.*\.json|.+\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk))$/i;

/** Whether the name of a file (relative, with `/`) says that it holds secrets, so that none of it is kept. */
export function isSecretFile(path: string): boolean {
  return secretFile.test(path);
}
