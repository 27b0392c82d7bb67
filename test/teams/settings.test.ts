import assert from 'node:assert/strict';
import { isServiceUrl, publicCloud, type TeamsSettings } from '../../src/teams/settings.ts';

const settings: TeamsSettings = { appId: 'app', appPassword: 'secret', tenantId: 'tenant' };
const simulated: TeamsSettings = { ...settings, endpoints: publicCloud };

describe('An address that messages are posted to', () => {
  it('is encrypted, with Microsoft and with whoever plays its part', () => {
    for (const one of [settings, simulated]) {
      assert.equal(isServiceUrl('https://smba.trafficmanager.net/emea/', one), true);
      assert.equal(isServiceUrl('http://smba.trafficmanager.net/emea/', one), false);
    }
  });
  it('is on this machine only where somebody plays Microsoft’s part', () => {
    for (const address of ['http://127.0.0.1:3978/', 'http://localhost:3978/', 'http://[::1]:3978/']) {
      assert.equal(isServiceUrl(address, simulated), true);
      assert.equal(isServiceUrl(address, settings), false);
    }
  });
  it('only looks like this machine', () => {
    for (const address of ['http://127.0.0.1.example.org/', 'http://localhost.example.org/', 'http://128.0.0.1/']) {
      assert.equal(isServiceUrl(address, simulated), false);
    }
  });
  it('is no address at all, another protocol’s, or one with a name and a password', () => {
    for (const address of ['', 'smba', 'ftp://smba.example/', 'file:///etc/passwd', 'https://a:b@smba.example/']) {
      assert.equal(isServiceUrl(address, simulated), false);
    }
  });
});
