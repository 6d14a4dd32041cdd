import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overAllStores } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, {
      tags: { Region: ['South', 'North'], Audience: ['Partners'] },
      channels: {
        Webinar: [
          { status: 'Registered', step: 20, success: false },
          { status: 'Attended', step: 40, success: true, attributes: { 'Webinar Behavior': 'Attended' } },
        ],
        Blog: [{ status: 'Visited', step: 10, success: true }],
      },
    });
  });
  afterEach(() => fixture.store.close());

  describe('getTags', () => {
    const tags = async (params: Parameters<typeof fixture.call<'getTags'>>[1]) => {
      const { answer } = await fixture.call('getTags', params);
      return answer.result.tagList.tag.map(({ type, values }) => [type, values?.stringItem]);
    };

    it('gives all tag types and values in the order of their definition', async () => {
      expect(await tags({})).toEqual([
        ['Region', ['South', 'North']],
        ['Audience', ['Partners']],
      ]);
    });

    it.each([
      [[{ type: 'region' }], [['Region', ['South', 'North']]]],
      [[{ type: 'Region', values: { stringItem: ['north'] } }], [['Region', ['North']]]],
      [[{ type: 'Region', values: { stringItem: [] } }], [['Region', ['South', 'North']]]],
      [[{ type: 'Planet' }], []],
      [[], []],
    ])('honours the filter %j', async (tag, expected) => {
      expect(await tags({ tagList: { tag } })).toEqual(expected);
    });
  });

  describe('getChannels', () => {
    const channels = async (params: Parameters<typeof fixture.call<'getChannels'>>[1]) => {
      const { answer } = await fixture.call('getChannels', params);
      return answer.result.tags.tagStatus.map(({ tagValue, statusList }) => [
        tagValue,
        ...statusList.progressionStatusItem.map(({ progressionStatus }) =>
          progressionStatus?.attrib.map(({ name, value }) => `${name}=${value}`).join(' '),
        ),
      ]);
    };
    const blog = ['Blog', 'Status=Visited Step=10 Success=true'];
    const webinar = [
      'Webinar',
      'Status=Attended Step=40 Webinar Behavior=Attended Success=true',
      'Status=Registered Step=20 Success=false',
    ];

    it('gives channels and statuses alphabetically, with what the channel adds before Success', async () => {
      expect(await channels({})).toEqual([blog, webinar]);
    });

    it('gives only the channels that the tag names', async () => {
      expect(await channels({ tag: { values: { stringItem: ['webinar', 'TV'] } } })).toEqual([webinar]);
    });
  });
});
