"""Needs zeep (Debian: python3-zeep)."""
import hashlib, hmac, os, sys
from datetime import datetime, timezone

import zeep

endpoint, user, secret = (os.environ[name] for name in ('MKTOWS_ENDPOINT', 'MKTOWS_USER', 'MKTOWS_SECRET'))
service = zeep.Client(endpoint + '?WSDL').service


def header():
    time = datetime.now(timezone.utc).isoformat(timespec='seconds')
    signature = hmac.new(secret.encode(), (time + user).encode(), hashlib.sha1).hexdigest()
    return {'mktowsUserId': user, 'requestSignature': signature, 'requestTimestamp': time}


def attributes(**values):
    return {'attrib': [{'name': name, 'value': str(value)} for name, value in values.items()]}


def opportunity(name, **values):
    key = {'name': 'Name', 'value': name}
    return {'type': 'Opportunity', 'externalKey': key, 'attribList': attributes(**values)}


def sync(operation, *objects):
    """Returns a status for each object, in the same order."""
    # zeep returns what is inside of the answer's only elements: the list of statuses.
    return service.syncMObjects(
        mObjectList={'mObject': list(objects)}, operation=operation, _soapheaders={'authentication': header()}
    ).mObjStatus


def print_row(what, row):
    print(f'{what}: {row.status}, {row.error if row.status == "FAILED" else f"id {row.id}"}')


try:
    rows = sync(
        'UPSERT',
        opportunity('Example 1', Amount=2000, CloseDate='2014-03-31'),
        opportunity('Example 2', Amount='a lot'),
    )
    for number, row in enumerate(rows, 1):
        print_row(f'Opportunity Example {number}', row)
    role = attributes(OpportunityId=rows[0].id, PersonId=19, Role='Influencer/Champion')
    print_row('Role', sync('UPSERT', {'type': 'OpportunityPersonRole', 'attribList': role})[0])
except zeep.exceptions.Fault as fault:
    sys.exit(f'fault: {fault.message}')
