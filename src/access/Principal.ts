import { AlcoveError } from '../errors.ts';

/** What a key may do, each all that the one before may: READ asks; WRITE changes what is in libraries; ADMIN governs. */
export const ROLES = ['READ', 'WRITE', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, and what is open to them. The same object as long as the same key asks the same thread. */
export interface Principal {
  /** Null where the server asks for no key. */
  readonly keyId: string | null;
  /** For logs: the name of the key. */
  readonly name: string;
  readonly role: Role;
  /** Ids of libraries; what is in others is answered for as what is not there at all. */
  readonly libraries: 'ALL' | ReadonlySet<string>;
}

/** Whoever reaches a server that asks for no key. */
export const ANYONE: Principal = { keyId: null, name: 'anyone', role: 'ADMIN', libraries: 'ALL' };

/** What something takes of whoever asks for it. */
export interface Need {
  readonly role: Role;
  /** Whether it is about the server as a whole: keys that are limited to some libraries are refused. */
  readonly everyLibrary?: true;
}

/** Why a principal may not have `what` (a field, in words of the schema), or undefined if they may. */
export function refusalOf(principal: Principal, need: Need, what: string): AlcoveError | undefined {
  const { role, libraries } = principal;
  if (ROLES.indexOf(role) < ROLES.indexOf(need.role)) {
    const got = `a key with the role ${role}`;
    const expected = `a key with the role ${need.role}`;
    return forbidden(`${what} takes ${expected}; got ${got}.`, got, expected);
  }
  if (need.everyLibrary && libraries !== 'ALL') {
    const [got, expected] = ['a key for some libraries', 'a key for all libraries'];
    return forbidden(`${what} takes ${expected}; got ${got}.`, got, expected);
  }
  return undefined;
}

/** @throws AlcoveError ForbiddenError unless the principal may have `what`. */
export function demand(principal: Principal, need: Need, what: string): void {
  const refusal = refusalOf(principal, need, what);
  if (refusal) throw refusal;
}

function forbidden(message: string, got: string, expected: string): AlcoveError {
  return new AlcoveError('ForbiddenError', message, { detail: { got, expected } });
}
