const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Replaces the text of the first element with this name, whatever its prefix. */
function replaceText(xml: string, name: string, text: string): string {
  const pattern = new RegExp(`(<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>)[^<]*(</)`);
  return xml.replace(pattern, (_all, open: string, close: string) => `${open}${text}${close}`);
}

/**
 * Returns a shell script that signs a kept request anew with openssl and sends it with curl. The secret comes from
 * MKTOWS_SECRET, so that it is in no history of the shell.
 */
export function curlScript(xml: string, userId: string, endpoint: string): string {
  const marks = { time: '@TIME@', signature: '@SIGNATURE@' };
  const signed = replaceText(
    replaceText(xml, 'requestSignature', marks.signature),
    'requestTimestamp',
    marks.time,
  );
  const body = quoted(signed).replace(marks.signature, `'"$SIGNATURE"'`).replace(marks.time, `'"$TIME"'`);
  return `ENDPOINT=${quoted(endpoint)}; USER_ID=${quoted(userId)}; SECRET="\${MKTOWS_SECRET:?the secret of the user}"
TIME=$(date -u +%Y-%m-%dT%H:%M:%SZ)
SIGNATURE=$(printf '%s' "$TIME$USER_ID" | openssl dgst -sha1 -hmac "$SECRET" | sed 's/^.* //')
curl -sS "$ENDPOINT" -H 'Content-Type: text/xml; charset=utf-8' --data-binary ${body}
`;
}
