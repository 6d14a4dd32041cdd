"""Makes the calls that it reads, and prints their results as JSON. A selector says of which type it is."""
import hashlib, hmac, json, sys
from datetime import datetime, timezone

import zeep
from zeep.helpers import serialize_object

given = json.load(sys.stdin)
client = zeep.Client(given['endpoint'] + '?WSDL')
namespace = '{http://www.marketo.com/mktows/}'


def header():
    time = datetime.now(timezone.utc).isoformat(timespec='seconds')
    text = (time + given['user']).encode()
    signature = hmac.new(given['secret'].encode(), text, hashlib.sha1).hexdigest()
    return {'mktowsUserId': given['user'], 'requestSignature': signature, 'requestTimestamp': time}


def call(operation, params):
    selector = params.get('leadSelector')
    if selector is not None:
        kind = client.get_type(namespace + selector.pop('type'))
        params = {**params, 'leadSelector': kind(**selector)}
    try:
        answer = client.service[operation](**params, _soapheaders={'authentication': header()})
    except zeep.exceptions.Fault as fault:
        return {'faultcode': fault.code, 'faultstring': fault.message}
    return wrapped(operation, plain(serialize_object(answer, dict)))


def plain(value):
    """Leaves out what is nil. zeep shows a nil list as an empty one."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    parts = {name: plain(part) for name, part in value.items()}
    return {name: part for name, part in parts.items() if part not in (None, [], {})}


def wrapped(operation, answer):
    """Gives a result back its element, which zeep leaves out where it is the only one."""
    if operation == 'getLeadActivity':
        return answer
    elements = client.get_type(namespace + 'Result' + operation[0].upper() + operation[1:]).elements
    return {elements[0][0]: answer} if len(elements) == 1 else answer


print(json.dumps([call(*each) for each in given['calls']], default=str))
