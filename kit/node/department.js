// A department's side of Shaodao, written from departments.asyncapi.yaml alone.
// Promise: a message is acked after its handler finished; each reply is confirmed by the broker; a lost broker is
// waited for; the same message twice is handled once; what cannot be handled is kept as a file, never thrown away.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import amqp from 'amqplib';

const WHISTLE_TASK = 'cn.shaodao.departments.whistle_task.v1';
const TASK_CHANGED = 'cn.shaodao.departments.task_changed.v1';
const REFUSAL = 'cn.shaodao.departments.refusal.v1';
const REPLIES = 'department-replies';
const TRY_AGAIN_MS = [1_000, 5_000, 30_000, 120_000];
const REMEMBERED = 10_000;
const SENT_ALONG_BYTES = 150_000;

export class Department {
  constructor(uri, {
    onWhistle, onChange = (change) => console.log('变更', change), onRefusal = (refusal) => console.warn('退回', refusal),
    failed = 'failed',
  }) {
    // of a broker of several nodes one address each, with ; between them: each attempt asks the next
    this.uris = uri.split(';').map((each) => each.trim()).filter(Boolean);
    this.attempts = 0;
    this.login = decodeURIComponent(new URL(this.uris[0]).username);
    this.unit = this.login.replace(/^department\./, '');
    this.handlers = {
      [WHISTLE_TASK]: (message) => onWhistle(message.data, this.repliesTo(message)),
      [TASK_CHANGED]: (message) => onChange(message.data),
      [REFUSAL]: (message) => onRefusal(message.data),
    };
    this.failed = failed;
    this.seen = new Set();
    this.working = new Set();
    this.stopped = false;
  }

  // Until stop(). Between two attempts to connect it waits 1, 2, 4 … 60 seconds. Rejects when the first login is refused.
  async run() {
    for (let pause = 1_000; !this.stopped; pause = Math.min(pause * 2, 60_000)) {
      try {
        await this.listen();
        pause = 500;
      } catch (error) {
        if (this.stopped) break;
        if (!this.connection && this.attempts >= this.uris.length && /ACCESS[-_]REFUSED/.test(error.message)) {
          throw new Error(`the broker refuses the login ${this.login} with this password: compare the welcome sheet 接入单, or ask for a new one`);
        }
        console.error(`broker lost, again in ${pause / 1000} s: ${error.message}`);
      }
      if (!this.stopped) await new Promise((resolve) => { this.wake = resolve; setTimeout(resolve, pause); });
    }
  }

  async listen() {
    const uri = this.uris[this.attempts++ % this.uris.length];
    this.connection = await amqp.connect(uri, { heartbeat: 30, timeout: 5_000 });
    const gone = new Promise((resolve) => this.connection.once('close', resolve));
    this.connection.on('error', (error) => console.error(error.message));
    this.channel = await this.connection.createConfirmChannel();
    this.channel.setMaxListeners(0);
    this.channel.on('error', (error) => console.error(error.message));
    this.channel.on('close', () => this.connection.close().catch(() => {}));
    await this.channel.prefetch(10);
    const queue = `department.${this.unit}`;
    const { consumerTag } = await this.channel.consume(queue, (delivery) => (delivery ? this.work(delivery) : this.cancelled()));
    this.consumerTag = consumerTag;
    await gone;
  }

  // The queue is gone: without it this consumer would hear nothing any more, so it begins anew.
  cancelled() {
    console.error('the broker cancelled the consumer');
    this.channel.close().catch(() => {});
  }

  work(delivery) {
    const one = this.take(delivery, this.channel).finally(() => this.working.delete(one));
    this.working.add(one);
  }

  async stop() {
    this.stopped = true;
    this.wake?.();
    // what is at hand is finished and acked first; the rest stays in the queue
    await this.channel?.cancel(this.consumerTag).catch(() => {});
    await Promise.allSettled(this.working);
    // the channel before the connection: only its close is answered after the acks
    await this.channel?.close().catch(() => {});
    await this.connection?.close().catch(() => {});
  }

  async take(delivery, channel, attempt = 0) {
    const settle = () => { try { channel.ack(delivery); } catch (error) { console.error(`not acked, comes again: ${error.message}`); } };
    let message;
    try {
      message = JSON.parse(delivery.content.toString('utf8'));
      if (message?.specversion !== '1.0' || typeof message.data !== 'object' || !message.id) throw new Error('not a CloudEvents envelope');
    } catch (error) {
      await this.putAside(`unreadable-${fingerprint(delivery.content)}`, delivery, error);
      return settle();
    }
    if (this.seen.has(message.id)) return settle();
    try {
      // a type we do not know is passed over: the platform may say more than this program was written for
      await this.handlers[message.type]?.(message);
    } catch (error) {
      if (channel !== this.channel) return undefined; // the broker was lost meanwhile and brings the message again
      if (attempt < TRY_AGAIN_MS.length) {
        console.error(`handler failed, again in ${TRY_AGAIN_MS[attempt] / 1000} s: ${error.message}`);
        setTimeout(() => channel === this.channel && this.take(delivery, channel, attempt + 1), TRY_AGAIN_MS[attempt]);
        return undefined;
      }
      await this.putAside(message.id, delivery, error);
    }
    this.remember(message.id);
    return settle();
  }

  remember(id) {
    this.seen.add(id);
    if (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value);
  }

  async putAside(name, delivery, error) {
    await mkdir(this.failed, { recursive: true });
    const path = `${this.failed}/${name.replace(/[^A-Za-z0-9_-]/g, '_')}.json`;
    await writeFile(path, JSON.stringify({ error: error.message, body: delivery.content.toString('utf8') }));
    console.error(`put aside in ${path}: ${error.message}`);
  }

  // The replies. Ids follow from the message and from what is said: a handler run again after a crash repeats none.
  repliesTo(message) {
    const said = {};
    const say = (verb) => (fields = {}) => {
      said[verb] = (said[verb] ?? 0) + 1;
      const data = { task_id: message.data.task_id, ...fields };
      return this.send(verb, data, derivedId(`${message.id}/${verb}/${said[verb]}/${JSON.stringify(data)}`));
    };
    return {
      sign: say('sign'), object: say('object'), reportIn: say('report_in'), progress: say('progress'), finish: say('finish'),
      tickParts: say('tick_parts'), callFurther: say('call_further'), appealRating: say('appeal_rating'),
      replySupervision: say('reply_supervision'), recordEnforcement: say('record_enforcement'),
    };
  }

  // Resolves when the broker has the reply on disk; rejects otherwise.
  send(verb, data, id = randomUUID()) {
    const envelope = {
      specversion: '1.0', id, source: `/department/${this.unit}`, type: `cn.shaodao.department.${verb}.v1`,
      time: new Date().toISOString(), datacontenttype: 'application/json', data,
    };
    const options = { persistent: true, contentType: 'application/cloudevents+json', contentEncoding: 'utf-8', messageId: id, userId: this.login };
    const { channel } = this;
    return new Promise((resolve, reject) => {
      // amqplib tells nobody whose confirmation a closed channel will never bring
      const lost = () => reject(new Error('the channel was closed before the broker confirmed'));
      channel.once('close', lost);
      channel.publish(REPLIES, `${this.unit}.${verb}`, Buffer.from(JSON.stringify(envelope)), options, (error) => {
        channel.off('close', lost);
        return error ? reject(error) : resolve(id);
      });
    });
  }
}

// Files of an order by the signed link of its letter: items(), download(item), upload(content); what upload resolves with
// goes into finish and tickParts. `portal` stands on the welcome sheet 接入单. A 404 says that the link is over.
export class OrderFiles {
  constructor(portal, letter) {
    this.portal = new URL(portal);
    this.address = this.at(letter.files.path);
  }

  at(path) {
    const address = new URL(path, this.portal);
    if (address.origin !== this.portal.origin) throw new Error(`not an address of ${this.portal.origin}: ${path}`);
    return address;
  }

  async items() {
    return (await (await asked(this.address)).json()).items;
  }

  async download(item) {
    return Buffer.from(await (await asked(this.at(item.href))).arrayBuffer());
  }

  async upload(content, kind = 'PHOTO', stage = 'AFTER') {
    const body = new FormData();
    body.append('file', new Blob([content]), 'file');
    const { sha256 } = await (await asked(this.address, { method: 'POST', body })).json();
    return { sha256, kind, stage };
  }
}

async function asked(address, options = {}) {
  const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.json().catch(() => ({}))).detail ?? ''}`);
  return answer;
}

// A file as evidence of finish. A reply holds 256 KiB: what is larger is named by its fingerprint alone, and is uploaded before (OrderFiles).
export function evidence(content, kind = 'PHOTO', stage = 'AFTER') {
  const named = { sha256: fingerprint(content), kind, stage };
  return content.length > SENT_ALONG_BYTES ? named : { ...named, content: content.toString('base64') };
}

function fingerprint(content) {
  return createHash('sha256').update(content).digest('hex');
}

function derivedId(text) {
  const hex = fingerprint(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
