import { slackPage } from '../support/sides/slack-page.ts';
import { allWays } from './ways/all-ways.ts';

allWays({ name: 'Slack', button: 'Slack', drive: slackPage });
