/*
 * Adaptive Cards 1.5, as far as they are used here (https://adaptivecards.io/explorer). The tests hold every card against
 * the published schema.
 */

export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5';
  /** Teams' own: the card takes the width of the channel, not of a telephone; and who is meant by its `<at>`. */
  readonly msteams: { readonly width: 'Full'; readonly entities?: readonly Mention[] };
  /** What a client shows that can't show the card. */
  readonly fallbackText: string;
  readonly refresh?: { readonly action: ExecuteAction; readonly userIds: readonly string[] };
  readonly body: readonly Element[];
}

/** Somebody who is told that they are on a card; `text` stands in a TextBlock of it, `id` is theirs in the directory. */
export interface Mention {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string };
}

export type Element =
  | TextBlock
  | RichTextBlock
  | Container
  | (Spaced & { readonly type: 'ColumnSet'; readonly columns: readonly Column[] })
  | Table
  | (Spaced & { readonly type: 'ActionSet'; readonly actions: readonly Action[] })
  | Input;

/** How an element stands to the one before it; `separator` draws a line between them. */
export interface Spaced {
  readonly spacing?: 'None' | 'Small' | 'Medium' | 'Large';
  readonly separator?: true;
}

/** Markdown: only for words that read the same with and without it. */
export interface TextBlock extends Spaced {
  readonly type: 'TextBlock';
  readonly text: string;
  readonly size?: 'Small' | 'Medium' | 'Large';
  readonly weight?: 'Bolder';
  readonly wrap: true;
  readonly style?: 'heading';
}

/** No Markdown, no links, no mentions: every character is shown as it is, but for {{DATE()}} and {{TIME()}}. */
export interface RichTextBlock extends Spaced {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly Inline[];
  readonly horizontalAlignment?: 'Right';
}

export type Inline = string | TextRun;

export interface TextRun extends Look {
  readonly type: 'TextRun';
  readonly text: string;
}

/** How a run looks. */
export interface Look {
  readonly weight?: 'Bolder';
  readonly fontType?: 'Monospace';
  readonly size?: 'Small' | 'Medium' | 'Large';
  readonly isSubtle?: true;
  readonly color?: 'Attention';
}

export interface Container extends Spaced {
  readonly type: 'Container';
  readonly id?: string;
  readonly isVisible?: false;
  readonly style?: 'emphasis' | 'good' | 'attention' | 'warning';
  readonly bleed?: true;
  readonly items: readonly Element[];
}

export interface Column {
  readonly type: 'Column';
  readonly width: number;
  readonly items: readonly Element[];
}

export interface Table extends Spaced {
  readonly type: 'Table';
  readonly columns: readonly { readonly width: number; readonly horizontalCellContentAlignment: 'Left' | 'Right' }[];
  readonly rows: readonly {
    readonly type: 'TableRow';
    readonly cells: readonly { readonly type: 'TableCell'; readonly items: readonly Element[] }[];
  }[];
}

export type Action = ExecuteAction | SubmitAction | ToggleAction;
export type ActionStyle = 'positive' | 'destructive';

export interface ExecuteAction {
  readonly type: 'Action.Execute';
  readonly title?: string;
  readonly verb: string;
  readonly data: Readonly<Record<string, string>>;
  readonly style?: ActionStyle;
  /** `none`: what is typed stays where it is, and need not be right. */
  readonly associatedInputs?: 'none';
  /** For clients from before version 1.4. */
  readonly fallback?: SubmitAction;
}

export interface SubmitAction extends Omit<ExecuteAction, 'type' | 'verb' | 'fallback'> {
  readonly type: 'Action.Submit';
}

/** Shows or hides parts of the card, without asking anybody. */
export interface ToggleAction {
  readonly type: 'Action.ToggleVisibility';
  readonly title: string;
  readonly style?: ActionStyle;
  readonly targetElements: readonly { readonly elementId: string; readonly isVisible: boolean }[];
}

export type Input = Spaced & {
  readonly id: string;
  readonly label: string;
  readonly isRequired?: true;
  readonly errorMessage?: string;
  readonly value?: string;
} & (
    | { readonly type: 'Input.Text'; readonly isMultiline?: true; readonly maxLength?: number }
    | { readonly type: 'Input.Date'; readonly min?: string; readonly max?: string }
    | {
        readonly type: 'Input.ChoiceSet';
        readonly style: 'compact' | 'expanded';
        readonly choices: readonly { readonly title: string; readonly value: string }[];
        readonly wrap: true;
      }
  );
