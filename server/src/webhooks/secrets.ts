import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

export type SecretBox = ReturnType<typeof createSecretBox>;

/**
 * Keeps secrets as text that only the key of this home opens: AES-256-GCM,
 * bound to `owner` (the webhook's id), so that a sealed text moved to another
 * row does not open there.
 */
export function createSecretBox(keyText: string) {
  const key = createHash('sha256').update(keyText).digest();
  return {
    seal(secret: string, owner: string): string {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return ['v1', iv, cipher.getAuthTag(), sealed].map(part => (typeof part === 'string' ? part : part.toString('base64'))).join('.');
    },
    /** @throws where another key, or another owner's, sealed it */
    open(text: string, owner: string): string {
      const [, iv, tag, sealed] = text.split('.').map(part => Buffer.from(part, 'base64'));
      const decipher = createDecipheriv('aes-256-gcm', key, iv!, { authTagLength: 16 }).setAAD(Buffer.from(owner)).setAuthTag(tag!);
      return Buffer.concat([decipher.update(sealed!), decipher.final()]).toString('utf8');
    }
  };
}

/** MLflow's signature, `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body` (mlflow/webhooks/delivery.py). */
export function signatureOf(secret: string, deliveryId: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${deliveryId}.${timestamp}.${body}`).digest('base64')}`;
}
