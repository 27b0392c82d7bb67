import { ApiError, type ApiMethod } from './api-method.ts';
import { bot, handleOf, team } from './people.ts';

/** Who is who, and the opening of Socket Mode connections. */
export const teamMethods: Readonly<Record<string, ApiMethod>> = {
  'auth.test': {
    token: 'bot',
    run: (_, { origin }) => ({
      url: `${origin()}/`,
      team: team.name,
      team_id: team.id,
      user: 'parallel_run',
      user_id: bot.id,
      bot_id: bot.botId,
      is_enterprise_install: false,
    }),
  },
  'apps.connections.open': {
    token: 'app',
    scope: 'connections:write',
    run: (_, { openSocketUrl }) => ({ url: openSocketUrl() }),
  },
  'users.info': {
    token: 'bot',
    scope: 'users:read',
    run: (body, { workspace }) => {
      const person = workspace.person(body.text('user') ?? '');
      if (person === undefined) throw new ApiError('user_not_found');
      return {
        user: {
          id: person.id,
          team_id: team.id,
          name: handleOf(person),
          real_name: person.name,
          deleted: person.deleted ?? false,
          is_bot: false,
          is_restricted: person.guest ?? false,
          is_ultra_restricted: false,
          profile: { real_name: person.name, title: person.title },
        },
      };
    },
  },
  'usergroups.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run: (body, { workspace }) => ({
      usergroups: [...workspace.userGroups].map(([id, users]) => ({
        id,
        team_id: team.id,
        is_usergroup: true,
        handle: id.toLowerCase(),
        user_count: users.length,
        ...(body.flag('include_users') ? { users } : {}),
      })),
    }),
  },
};
