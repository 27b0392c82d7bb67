import { z } from 'zod';

/** Bounds keep what a stranger to us made from filling tables; Teams' own ids are about 100 characters long. */
const id = z.string().min(1).max(400);
const account = z.looseObject({
  id,
  name: z.string().max(400).nullish(),
  aadObjectId: z.string().max(100).nullish(),
  role: z.string().nullish(),
});

/** What arrives from Teams, as far as it matters here (Bot Framework Activity, protocol v3). */
const incomingActivity = z.looseObject({
  type: z.string().min(1).max(100),
  id: id.nullish(),
  channelId: z.string(),
  serviceUrl: z.string().max(2_000),
  from: account,
  recipient: account,
  conversation: z.looseObject({
    id,
    conversationType: z.string().nullish(),
    tenantId: z.string().nullish(),
  }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string() }).nullish() }).nullish(),
  name: z.string().nullish(),
  /** Of an installation: "add", "remove" and their kin. */
  action: z.string().nullish(),
  text: z.string().max(100_000).nullish(),
  value: z.unknown().optional(),
  /** Of a pressed button: the message that it stands in. */
  replyToId: id.nullish(),
  entities: z.array(z.looseObject({ type: z.string() })).nullish(),
  membersAdded: z.array(account).nullish(),
  membersRemoved: z.array(account).nullish(),
});

export type IncomingActivity = z.infer<typeof incomingActivity>;

/** Undefined where it is none. */
export function readActivity(body: unknown): IncomingActivity | undefined {
  return incomingActivity.safeParse(body).data;
}

/** Somebody mentioned in a text, with the words that stand for them there. */
export interface Mention {
  readonly text: string;
  readonly id: string;
  readonly aadObjectId: string | undefined;
  readonly name: string;
}

const mention = z.looseObject({ type: z.literal('mention'), text: z.string(), mentioned: account });

export function mentionsIn({ entities }: IncomingActivity): Mention[] {
  return (entities ?? []).flatMap((entity) => {
    const { data } = mention.safeParse(entity);
    if (data === undefined) return [];
    const { id, aadObjectId, name } = data.mentioned;
    return [{ text: data.text, id, aadObjectId: aadObjectId ?? undefined, name: name ?? '' }];
  });
}
