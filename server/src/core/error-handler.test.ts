import { toAppError } from './error-handler';

const error = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

test.each([
  ['it is starting up', error('the database system is starting up', { code: '57P03' })],
  ['it was told to end', error('terminating connection due to administrator command', { code: '57P01' })],
  ['it has no connection to spare', error('sorry, too many clients already', { code: '53300' })],
  ['nobody listens', error('connect ECONNREFUSED', { code: 'ECONNREFUSED', syscall: 'connect' })],
  ['its socket is gone', error('connect ENOENT', { code: 'ENOENT', syscall: 'connect' })],
  ['the connection broke while it was asked', error('write EPIPE', { code: 'EPIPE', syscall: 'write' })],
  ['the connection broke while it answered', error('Connection terminated unexpectedly')],
  ['the connection had broken before a rollback', error('Client has encountered a connection error and is not queryable')]
])('the database is away: %s', (_how, err) => {
  expect(toAppError(err)).toMatchObject({ status: 503, code: 'database_away' });
});

test('a missing file is a bug of ours, a full disk is none', () => {
  expect(toAppError(error('open ENOENT', { code: 'ENOENT', syscall: 'open' }))).toBeUndefined();
  expect(toAppError(error('no space left on device', { code: 'ENOSPC' }))).toMatchObject({ status: 507, code: 'storage_full' });
  expect(toAppError(error('could not extend file', { code: '53100' }))).toMatchObject({ status: 507, code: 'storage_full' });
});
