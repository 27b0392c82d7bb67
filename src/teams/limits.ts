/**
 * The limits of Teams, in characters (UTF-16 units) except where a line says otherwise. One table: the renderers cut to it
 * and the tests check against it.
 */
export const limits = {
  /**
   * A card as JSON, in bytes of UTF-8. Teams long refused activities over 28 KB (MicrosoftDocs/msteams-docs, issue 6659;
   * a webhook still names 28,672 bytes, issue 11274). Its page "Format your bot messages" says 100 KB counted in UTF-16 by
   * now; the smallest limit is taken in any cloud. The rest of 28 KB is left to the activity around the card.
   */
  cardBytes: 24_000,
  /** Our own: longer titles are no titles. */
  title: 200,
  /** The summary, which also stands where a client can't show the card. Our own. */
  fallbackText: 1_000,
  /** A paragraph or a list's line. Our own. */
  text: 4_000,
  /** Our own: longer cells and labels make a row unreadable. */
  tableCell: 300,
  /** Our own: more than these never fit into a card's bytes. */
  tableRows: 200,
  listItems: 200,
  /**
   * What a table may need of a phone's width, in characters: wider ones break figures in the middle. Measured with the
   * official renderer in a card 300 pixels wide.
   */
  phoneCharacters: 40,
  /** In one row of buttons: the official renderer drops what comes after (its host config's maxActions). */
  buttonsARow: 5,
  /** All titles of a row together, in a card 700 pixels wide. Our own. */
  buttonsARowText: 70,
  buttonText: 75,
  /** A command that a button carries; as in Slack, so that one grammar has one bound. */
  command: 2_000,
  /** "Work with Universal Actions": a card refreshes by itself for at most so many people. */
  refreshUsers: 60,
  /** People who are told of a card. Our own: a message that calls more of them calls nobody. */
  mentions: 20,
  chartSeries: 6,
  chartPoints: 20,
  chartLabel: 40,
  /** Our own: a longer one leaves no room for the bar beside it on a phone. */
  barLabel: 12,
  inputLabel: 200,
  /** Fields that an answer may bring. Our own; no form has as many. */
  inputs: 50,
  inputName: 100,
  /** All that an answer may bring together; above the longest CSV file that a form asks for. */
  inputText: 400_000,
  /** The id that a form is asked under. */
  formId: 200,
  /** A channel's id with what proves it. */
  askedIn: 500,
} as const;
