import { isRecord } from './arguments.ts';
import { limits } from './limits.ts';
import { richText } from './rich-text-shapes.ts';
import { array, byType, flag, number, object, oneOf, optional, type Shape, text } from './shape.ts';

const blockId = optional(text(limits.blockId));

const cell = byType({
  raw_text: object({ type: oneOf('raw_text'), text: text(limits.tableText) }),
  raw_number: object({ type: oneOf('raw_number'), value: number(), text: optional(text(limits.tableText)) }),
  rich_text: richText,
});

/** Every row has as many cells as the first. */
const evenRows: Shape = (value, at, tell) => {
  const rows = isRecord(value) && Array.isArray(value['rows']) ? value['rows'] : [];
  const lengths = rows.map((row) => (Array.isArray(row) ? row.length : 0));
  const uneven = lengths.findIndex((length) => length !== lengths[0]);
  if (uneven >= 0) tell('all rows must have the same number of cells', `${at}/rows/${uneven}`);
};

export const table = object(
  {
    type: oneOf('table'),
    block_id: blockId,
    rows: array(array(cell, limits.tableColumns), limits.tableRows),
    column_settings: optional(
      array(
        object({ align: optional(oneOf('left', 'center', 'right')), is_wrapped: optional(flag) }),
        limits.tableColumns,
        0,
      ),
    ),
  },
  evenRows,
);

const label = text(limits.chartLabel);
const axis = object({
  categories: array(label, limits.chartPoints),
  x_label: optional(text(limits.chartAxisLabel)),
  y_label: optional(text(limits.chartAxisLabel)),
});
const series = object({
  name: label,
  data: array(object({ label, value: number() }), limits.chartPoints),
});

/** Names are unique, and every series has one point for every category, in their order. */
const matchingSeries: Shape = (value, at, tell) => {
  if (!isRecord(value)) return;
  const config = value['axis_config'];
  const categories = isRecord(config) && Array.isArray(config['categories']) ? config['categories'] : [];
  const all = Array.isArray(value['series']) ? value['series'].filter(isRecord) : [];
  if (new Set(categories).size !== categories.length) {
    tell('categories must be unique', `${at}/axis_config/categories`);
  }
  if (new Set(all.map(({ name }) => name)).size !== all.length) tell('names must be unique', `${at}/series`);
  for (const [index, { data }] of all.entries()) {
    const labels = Array.isArray(data) ? data.filter(isRecord).map((point) => point['label']) : [];
    if (JSON.stringify(labels) !== JSON.stringify(categories)) {
      tell('labels must be the same as axis_config.categories', `${at}/series/${index}/data`);
    }
  }
};

function plotted(type: string): Shape {
  return object({ type: oneOf(type), series: array(series, limits.chartSeries), axis_config: axis }, matchingSeries);
}

export const chart = object({
  type: oneOf('data_visualization'),
  block_id: blockId,
  title: text(limits.chartTitle),
  chart: byType({
    line: plotted('line'),
    bar: plotted('bar'),
    area: plotted('area'),
    pie: object({
      type: oneOf('pie'),
      segments: array(object({ label, value: number(Number.MIN_VALUE) }), limits.chartSeries),
    }),
  }),
});
