import { storeContract } from '../contracts/store.ts';
import { openServerStore } from '../support/databases.ts';

storeContract('the store on a server', openServerStore);
