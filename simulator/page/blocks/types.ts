import type { ContextBlock, DividerBlock, HeaderBlock, RichTextBlock, TableBlock } from '@slack/types';
import type { OptionObject, TextObject } from '../state.ts';

/** Slack's chart block: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export interface DataVisualizationBlock {
  readonly type: 'data_visualization';
  readonly block_id?: string;
  readonly title: string;
  readonly chart: {
    readonly type: string;
    readonly series?: readonly ChartSeries[];
    readonly axis_config?: {
      readonly categories?: readonly string[];
      readonly x_label?: string;
      readonly y_label?: string;
    };
  };
}

export interface ChartSeries {
  readonly name: string;
  readonly data: readonly { readonly label: string; readonly value: number | null }[];
}

/** The blocks that the page draws itself; any other is left to slack-blocks-to-jsx. */
export type DrawnBlock =
  | ActionsBlock
  | ContextBlock
  | DataVisualizationBlock
  | DividerBlock
  | HeaderBlock
  | InputBlock
  | RichTextBlock
  | SectionBlock
  | TableBlock;

/** The server has checked the rest: Slack's limits, and that each type has its fields. */
export function isBlock(value: unknown): value is DrawnBlock {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export interface ActionsBlock {
  readonly type: 'actions';
  readonly block_id?: string;
  readonly elements: readonly InteractiveElement[];
}

export interface SectionBlock {
  readonly type: 'section';
  readonly block_id?: string;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly accessory?: InteractiveElement;
}

export interface InputBlock {
  readonly type: 'input';
  readonly block_id?: string;
  readonly label: TextObject;
  readonly hint?: TextObject;
  readonly optional?: boolean;
  readonly element: InteractiveElement;
}

export interface ConfirmObject {
  readonly title: TextObject;
  readonly text: TextObject;
  readonly confirm: TextObject;
  readonly deny: TextObject;
  readonly style?: 'primary' | 'danger';
}

/** An interactive element with the fields that the page uses, whatever its type. */
export interface InteractiveElement {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: TextObject;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly accessibility_label?: string;
  readonly confirm?: ConfirmObject;
  readonly placeholder?: TextObject;
  readonly options?: readonly OptionObject[];
  readonly option_groups?: readonly { readonly label: TextObject; readonly options: readonly OptionObject[] }[];
  readonly initial_value?: string;
  readonly initial_option?: OptionObject;
  readonly initial_options?: readonly OptionObject[];
  readonly initial_date?: string;
  readonly initial_time?: string;
  readonly initial_user?: string;
  readonly multiline?: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly filetypes?: readonly string[];
  readonly min_value?: string;
  readonly max_value?: string;
  readonly is_decimal_allowed?: boolean;
  readonly focus_on_load?: boolean;
}
