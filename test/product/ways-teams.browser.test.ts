import { teamsPage } from '../support/sides/teams-page.ts';
import { allWays } from './ways/all-ways.ts';

allWays({ name: 'Microsoft Teams', button: 'Teams', drive: teamsPage });
