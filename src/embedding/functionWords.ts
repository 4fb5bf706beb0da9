/** Words that say how a sentence is built and not what it is about: the commonest of English, German, French and Spanish. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `
  a about after all also an and any are as at be because been before being but by can could did do does doing for from
  had has have having he her hers him his how i if in into is it its itself just may me might more most must my no nor
  not of off on once only or other our ours out over own same shall she should so some such than that the their theirs
  them then there these they this those through to too under until up us very was we were what when where which while
  who whom why will with would you your yours

  aber als am an auch auf aus bei bin bis das dass dem den der des die du durch ein eine einem einen einer eines er es
  für hat ich ihr im in ist ja kann mit nach nicht noch nur oder sein sich sie sind so über um und uns vom von vor war
  was wenn wer wie wir wird zu zum zur

  au aux avec ce ces cette dans de des du elle en est et il ils je la le les leur mais ne nous on ou où par pas plus
  pour que qui sa se ses son sur un une vous

  al como con de del el ella en entre es esta este la las lo los más no o para pero por que se si sin sobre su sus un
  una uno y
  `
    .trim()
    .split(/\s+/),
);
