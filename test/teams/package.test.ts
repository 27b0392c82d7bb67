import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { strFromU8, unzipSync } from 'fflate';
import { commands } from '../../commands/index.ts';
import { manifestFor, packTeamsApp } from '../../scripts/teams-app.ts';

const id = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const environment = { TEAMS_APP_ID: id };
const file = (path: string) => readFileSync(new URL(path, import.meta.url));

interface Manifest {
  readonly version: string;
  readonly id: string;
  readonly developer: Readonly<Record<string, string>>;
  readonly bots: readonly {
    readonly botId: string;
    readonly scopes: readonly string[];
    readonly supportsFiles: boolean;
    readonly commandLists: readonly {
      readonly scopes: readonly string[];
      readonly commands: readonly { readonly title: string; readonly description: string }[];
    }[];
  }[];
}
const manifest = (more: Readonly<Record<string, string>> = {}) =>
  JSON.parse(manifestFor({ ...environment, ...more })) as Manifest;

describe('The Teams app', () => {
  it('has a manifest as Microsoft publishes it', () => {
    const { $schema: _, ...schema } = JSON.parse(file('schemas/teams-manifest-1.19.json').toString()) as object & {
      $schema: string;
    };
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    const isManifest = ajv.compile(schema);
    assert.ok(isManifest(manifest()), JSON.stringify(isManifest.errors));
    assert.equal(isManifest({ ...manifest(), id: 'no id' }), false, 'the schema says no to something');
  });
  it('is of the version of the product', () => {
    const product = JSON.parse(file('../../package.json').toString()) as { version: string };
    assert.equal(manifest().version, product.version);
  });
  it('is the bot of the environment, in channels, chats and by itself', () => {
    const { id: app, bots } = manifest();
    assert.deepEqual([app, bots[0]?.botId], [id, id]);
    assert.deepEqual(bots[0]?.scopes, ['personal', 'team', 'groupChat']);
    assert.equal(bots[0]?.supportsFiles, false, 'it sends and takes none');
  });
  it('offers ten commands that there are, in the words of help, in every scope', () => {
    const [list, ...others] = manifest().bots[0]?.commandLists ?? [];
    assert.deepEqual([list?.scopes, others], [['personal', 'team', 'groupChat'], []]);
    assert.equal(list?.commands.length, 10);
    for (const { title, description } of list?.commands ?? []) {
      const command = commands.find(({ name, hidden }) => name === title && hidden !== true);
      assert.equal(description, command?.summary, title);
    }
  });
  it('is called as its developer wants, with a page of theirs', () => {
    const { developer } = manifest({
      TEAMS_DEVELOPER_NAME: 'The "A" & B',
      TEAMS_WEBSITE_URL: 'https://intra.test/run',
    });
    assert.deepEqual(developer, {
      name: 'The "A" & B',
      websiteUrl: 'https://intra.test/run',
      privacyUrl: 'https://intra.test/run',
      termsOfUseUrl: 'https://intra.test/run',
    });
  });

  describe('packed', () => {
    it('is the manifest and both icons, and the same file each time', () => {
      const zip = packTeamsApp(environment);
      const files = unzipSync(zip);
      assert.deepEqual(Object.keys(files).sort(), ['color.png', 'manifest.json', 'outline.png']);
      assert.equal(strFromU8(files['manifest.json'] ?? new Uint8Array()), manifestFor(environment));
      assert.deepEqual(packTeamsApp(environment), zip);
    });
    for (const [what, given, says] of [
      ['no id', {}, /^Error: TEAMS_APP_ID is not set: nothing was packed\. It is the "Microsoft App ID"/],
      ['an empty id', { TEAMS_APP_ID: ' ' }, /TEAMS_APP_ID is not set/],
      ['an id that is none', { TEAMS_APP_ID: 'parallel-run' }, /TEAMS_APP_ID is "parallel-run", and not an id such as/],
      ['a name of 33 characters', { ...environment, TEAMS_DEVELOPER_NAME: 'x'.repeat(33) }, /longer than the 32/],
      [
        'a page without https',
        { ...environment, TEAMS_WEBSITE_URL: 'http://x.test' },
        /Teams wants an address with https/,
      ],
    ] as const) {
      it(`is not, with ${what}, and says what to do`, () => assert.throws(() => packTeamsApp(given), says));
    }
    it('takes a name of 32 characters', () => {
      assert.ok(packTeamsApp({ ...environment, TEAMS_DEVELOPER_NAME: 'x'.repeat(32) }).length > 0);
    });
  });

  // https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package
  describe('has icons', () => {
    it('of 192 pixels in colour, and of 32 pixels in nothing but white on nothing', () => {
      const color = picture('color.png');
      assert.equal(color.width, 192);
      assert.equal(color.height, 192);
      assert.ok(
        color.pixels.every(([, , , alpha]) => alpha === 255),
        'no hole in it',
      );
      const outline = picture('outline.png');
      assert.equal(outline.width, 32);
      assert.equal(outline.height, 32);
      assert.ok(outline.pixels.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255));
      const opacities = outline.pixels.map(([, , , alpha = 0]) => alpha);
      assert.ok(opacities.includes(0) && opacities.includes(255));
    });
  });
});

/** A picture's pixels, of the one kind of PNG that we draw: red, green, blue and alpha, without filters. */
function picture(name: string): { width: number; height: number; pixels: number[][] } {
  const bytes = file(`../../teams/${name}`);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const data = inflateSync(bytes.subarray(41, 41 + bytes.readUInt32BE(33)));
  const pixels = Array.from({ length: width * height }, (_, at) => {
    const start = Math.floor(at / width) * (4 * width + 1) + 1 + 4 * (at % width);
    return [...data.subarray(start, start + 4)];
  });
  return { width, height, pixels };
}
