// Days and hours as people say them, in the words of every other page.

/**
 * Return an instant (milliseconds since 1970) with its hour: `14 h 32`, in English `2:32 PM`.
 *
 * `how` are the options of Intl.DateTimeFormat for what is said beside the hour.
 */
export function sayWhen(at, { language, timezone }, how = {}) {
  const format = { ...how, hour: "numeric", minute: "2-digit", timeZone: timezone };
  const said = new Intl.DateTimeFormat(language, format).format(at);
  return language === "fr" ? said.replace(/0?(\d+):(\d+)/, "$1\u00A0h\u00A0$2") : said;
}
