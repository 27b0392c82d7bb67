/** What a finding came to. Only `pass` is green; `error` means that it could not be measured. */
export type Verdict = 'pass' | 'fail' | 'error';
