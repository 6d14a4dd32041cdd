const version = String.raw`[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')`;
const name = '[A-Za-z][A-Za-z0-9._-]*';
const encoding = String.raw`[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"${name}"|'${name}')`;
const standalone = String.raw`[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)')`;
const declaration = new RegExp(String.raw`^${version}(?:${encoding})?(?:${standalone})?[ \t\r\n]*$`);

/** Max length of an XML declaration, `<?xml` and `?>` included; none needs as much. */
export const LONGEST_DECLARATION = 1024;
/** Length of its delimiters. */
const ENDS = '<?xml?>'.length;

/** Returns whether the text between `<?xml` and `?>` declares some version 1 of XML (production 23). */
export const isDeclaration = (content: string): boolean =>
  content.length + ENDS <= LONGEST_DECLARATION && declaration.test(content);
