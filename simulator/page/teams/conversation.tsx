import { type ReactNode, useState } from 'react';
import { BotAvatar, Icon } from '../icons.tsx';
import { calendarDay, formatDate } from '../text/dates.ts';
import { useNewestInView } from '../parts/newest-in-view.ts';
import { useWorkspace } from '../workspace.ts';
import { TeamsComposer } from './composer.tsx';
import { TeamsMessage } from './message.tsx';
import type { TeamsConversationState, TeamsMessageState, TeamsState } from './state.ts';

interface ConversationProps {
  readonly conversation: TeamsConversationState;
  readonly teams: TeamsState;
}

/** A channel with its posts and their replies, or the chat with the bot. */
export function TeamsConversation({ conversation, teams }: ConversationProps): ReactNode {
  const { reader } = useWorkspace();
  const { messages, person } = conversation;
  const inChat = person !== undefined;
  const posts = messages.filter(({ replyTo }) => replyTo === undefined);
  const list = useNewestInView(messages.at(-1)?.id, '.teams-post:last-child');
  const dayOf = ({ id }: TeamsMessageState): string => calendarDay(new Date(Number(id)), reader.timeZone);
  return (
    <div className="teams-main">
      <header className="main-head">
        <h2>
          {inChat ? <BotAvatar /> : <Icon name="hash" />}
          {inChat ? teams.bot.name : conversation.name}
        </h2>
        {conversation.topic === undefined ? null : <p className="topic">{conversation.topic}</p>}
      </header>
      <div className="scroll" ref={list}>
        {posts.length === 0 ? (
          <p className="empty">
            {conversation.botIsMember ? 'Nothing has been said here yet.' : `${teams.bot.name} is not in this channel.`}
          </p>
        ) : null}
        <ol className={inChat ? 'teams-chat' : 'teams-posts'}>
          {posts.map((post, index) => {
            const before = posts[index - 1];
            return (
              <li key={post.id} className="teams-post">
                {before === undefined || dayOf(before) !== dayOf(post) ? (
                  <p className="day">
                    <span>{formatDate(Number(post.id) / 1_000, '{date_long_pretty}', reader)}</span>
                  </p>
                ) : null}
                <Post post={post} conversation={conversation} teams={teams} />
              </li>
            );
          })}
        </ol>
      </div>
      <TeamsComposer conversation={conversation} teams={teams} />
    </div>
  );
}

/** So many replies stand open; those before them are opened by a button. */
const openReplies = 3;

function Post({ post, conversation, teams }: ConversationProps & { readonly post: TeamsMessageState }): ReactNode {
  const [all, setAll] = useState(false);
  const [replying, setReplying] = useState(false);
  const replies = conversation.messages.filter(({ replyTo }) => replyTo === post.id);
  const hidden = all ? 0 : Math.max(0, replies.length - openReplies);
  return (
    <article className="teams-card-of-post" aria-label={conversation.person === undefined ? 'Post' : 'Message'}>
      <TeamsMessage message={post} teams={teams} />
      {replies.length === 0 ? null : (
        <div className="teams-replies">
          {hidden === 0 ? null : (
            <button type="button" className="plain-button" onClick={() => setAll(true)}>
              {hidden === 1 ? 'See 1 more reply' : `See ${hidden} more replies`}
            </button>
          )}
          <ol>
            {replies.slice(hidden).map((reply) => (
              <li key={reply.id}>
                <TeamsMessage message={reply} teams={teams} />
              </li>
            ))}
          </ol>
        </div>
      )}
      {conversation.person !== undefined ? null : replying ? (
        <TeamsComposer conversation={conversation} teams={teams} thread={post.id} onDone={() => setReplying(false)} />
      ) : (
        <button type="button" className="plain-button teams-reply" onClick={() => setReplying(true)}>
          <Icon name="thread" /> Reply
        </button>
      )}
    </article>
  );
}
