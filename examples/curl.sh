#!/bin/sh
# Needs curl, openssl and awk.
set -eu

sign() {
  TIME=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  SIGNATURE=$(printf '%s' "$TIME$MKTOWS_USER" | openssl dgst -sha1 -hmac "$MKTOWS_SECRET" | sed 's/^.* //')
}

# Sends the objects of standard input with an operation, and prints the answer.
sync_mobjects() {
  sign
  curl -sS "$MKTOWS_ENDPOINT" -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: ""' --data-binary @- <<XML
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/">
  <SOAP-ENV:Header><ns1:AuthenticationHeader>
    <mktowsUserId>$MKTOWS_USER</mktowsUserId>
    <requestSignature>$SIGNATURE</requestSignature>
    <requestTimestamp>$TIME</requestTimestamp>
  </ns1:AuthenticationHeader></SOAP-ENV:Header>
  <SOAP-ENV:Body><ns1:paramsSyncMObjects>
    <mObjectList>$(cat)</mObjectList>
    <operation>$1</operation>
  </ns1:paramsSyncMObjects></SOAP-ENV:Body>
</SOAP-ENV:Envelope>
XML
}

# Prints a line for each row of an answer, or the fault. The arguments name the rows.
print_rows() {
  awk -v names="$1" '
    function text(name) {
      if (!match($0, "<" name ">[^<]*")) return ""
      found = substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2)
      gsub("&quot;", "\"", found); gsub("&lt;", "<", found); gsub("&gt;", ">", found); gsub("&amp;", "\\&", found)
      return found
    }
    BEGIN { RS = "</mObjStatus>"; split(names, name, "|") }
    /<faultstring>/ { print "fault: " text("faultstring"); exit 1 }
    /<status>/ { print name[++row] ": " text("status") ", " (text("status") == "FAILED" ? text("error") : "id " text("id")) }
  '
}

ANSWER=$(sync_mobjects UPSERT <<'XML'
  <mObject><type>Opportunity</type><externalKey><name>Name</name><value>Example 1</value></externalKey><attribList>
    <attrib><name>Amount</name><value>2000</value></attrib>
    <attrib><name>CloseDate</name><value>2014-03-31</value></attrib>
  </attribList></mObject>
  <mObject><type>Opportunity</type><externalKey><name>Name</name><value>Example 2</value></externalKey><attribList>
    <attrib><name>Amount</name><value>a lot</value></attrib>
  </attribList></mObject>
XML
)
echo "$ANSWER" | print_rows 'Opportunity Example 1|Opportunity Example 2'

OPPORTUNITY_ID=$(echo "$ANSWER" | sed -n 's/.*<mObjStatus><id>\([0-9]*\)<\/id>.*/\1/p')
sync_mobjects UPSERT <<XML | print_rows 'Role'
  <mObject><type>OpportunityPersonRole</type><attribList>
    <attrib><name>OpportunityId</name><value>$OPPORTUNITY_ID</value></attrib>
    <attrib><name>PersonId</name><value>19</value></attrib>
    <attrib><name>Role</name><value>Influencer/Champion</value></attrib>
  </attribList></mObject>
XML
