"""Needs Python only."""
import hashlib, hmac, os, sys
import xml.etree.ElementTree as xml
from datetime import datetime, timezone
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from xml.sax.saxutils import escape

endpoint, user, secret = (os.environ[name] for name in ('MKTOWS_ENDPOINT', 'MKTOWS_USER', 'MKTOWS_SECRET'))

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/">
  <SOAP-ENV:Header><ns1:AuthenticationHeader>
    <mktowsUserId>{user}</mktowsUserId>
    <requestSignature>{signature}</requestSignature>
    <requestTimestamp>{time}</requestTimestamp>
  </ns1:AuthenticationHeader></SOAP-ENV:Header>
  <SOAP-ENV:Body><ns1:paramsSyncMObjects>
    <mObjectList>{objects}</mObjectList>
    <operation>{operation}</operation>
  </ns1:paramsSyncMObjects></SOAP-ENV:Body>
</SOAP-ENV:Envelope>"""


def pair(tag, name, value):
    return f'<{tag}><name>{escape(name)}</name><value>{escape(str(value))}</value></{tag}>'


def mobject(type, key='', **values):
    attributes = ''.join(pair('attrib', name, value) for name, value in values.items())
    return f'<mObject><type>{type}</type>{key}<attribList>{attributes}</attribList></mObject>'


def opportunity(name, **values):
    return mobject('Opportunity', pair('externalKey', 'Name', name), **values)


def sync(operation, *objects):
    """Returns an mObjStatus element for each object, in the same order."""
    time = datetime.now(timezone.utc).isoformat(timespec='seconds')
    signature = hmac.new(secret.encode(), (time + user).encode(), hashlib.sha1).hexdigest()
    body = ENVELOPE.format(
        user=escape(user), signature=signature, time=time, objects=''.join(objects), operation=operation
    )
    request = Request(endpoint, body.encode(), {'Content-Type': 'text/xml; charset=utf-8', 'SOAPAction': '""'})
    try:
        answer = xml.parse(urlopen(request))
    except HTTPError as error:
        # A fault has status 500.
        sys.exit(f"fault: {xml.parse(error).findtext('.//faultstring')}")
    return answer.findall('.//mObjStatus')


def print_row(what, row):
    status = row.findtext('status')
    print(f"{what}: {status}, {row.findtext('error') if status == 'FAILED' else 'id ' + row.findtext('id')}")


rows = sync(
    'UPSERT',
    opportunity('Example 1', Amount=2000, CloseDate='2014-03-31'),
    opportunity('Example 2', Amount='a lot'),
)
for number, row in enumerate(rows, 1):
    print_row(f'Opportunity Example {number}', row)
role = mobject('OpportunityPersonRole', OpportunityId=rows[0].findtext('id'), PersonId=19, Role='Influencer/Champion')
print_row('Role', sync('UPSERT', role)[0])
