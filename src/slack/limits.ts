/**
 * Slack's limits, in characters (UTF-16 units, which never undercounts) or in items. From the Block Kit reference at
 * docs.slack.dev, except where a line says otherwise. One table: the renderer cuts to it and the tests check against it.
 */
export const limits = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** All text of a message's blocks together. Undocumented; posts were seen refused from about 13,200 on. */
  messageText: 12_000,
  /** The `text` beside the blocks; Slack advises this and cuts at 40,000. */
  fallbackText: 4_000,
  header: 150,
  /** Sections and context elements. Rich text has no documented limit and is held to the same. */
  text: 3_000,
  contextElements: 10,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  modalMetadata: 3_000,
  inputLabel: 2_000,
  inputText: 3_000,
  selectOptions: 100,
  optionText: 75,
  tablesAMessage: 1,
  /** With the row of headings. */
  tableRows: 100,
  tableColumns: 20,
  /** All cells of the message's tables together. */
  tableText: 10_000,
  /** Our own: a longer cell would make the row unreadable. */
  tableCell: 300,
  chartsAMessage: 2,
  chartTitle: 50,
  chartSeries: 6,
  chartPoints: 20,
  /** Names of series and categories. */
  chartLabel: 20,
  chartAxisLabel: 50,
} as const;
