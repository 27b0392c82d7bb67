import { storeContract } from '../contracts/store.ts';
import { openEmbeddedStore } from '../support/databases.ts';

storeContract('the store in an embedded database', () => openEmbeddedStore());
