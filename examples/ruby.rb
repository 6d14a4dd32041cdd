# Needs the gem savon.
require 'openssl'
require 'savon'
require 'time'

ENDPOINT, USER, SECRET = %w[MKTOWS_ENDPOINT MKTOWS_USER MKTOWS_SECRET].map { |name| ENV.fetch(name) }

def header
  time = Time.now.utc.iso8601
  { 'ns1:AuthenticationHeader' => {
    'mktowsUserId' => USER,
    'requestSignature' => OpenSSL::HMAC.hexdigest('SHA1', SECRET, time + USER),
    'requestTimestamp' => time
  } }
end

def attributes(values)
  { 'attrib' => values.map { |name, value| { 'name' => name, 'value' => value } } }
end

def opportunity(name, values)
  { 'type' => 'Opportunity', 'externalKey' => { 'name' => 'Name', 'value' => name }, 'attribList' => attributes(values) }
end

# Returns a status for each object, in the same order.
def sync(operation, *objects)
  # A client for each call, since its header is signed with the time.
  client = Savon.client(wsdl: "#{ENDPOINT}?WSDL", endpoint: ENDPOINT, soap_header: header,
                        namespace_identifier: :ns1, env_namespace: 'SOAP-ENV')
  message = { 'mObjectList' => { 'mObject' => objects }, 'operation' => operation }
  answer = client.call(:sync_m_objects, message: message)
  [answer.body[:success_sync_m_objects][:result][:m_obj_status_list][:m_obj_status]].flatten
end

def print_row(what, row)
  puts "#{what}: #{row[:status]}, #{row[:status] == 'FAILED' ? row[:error] : "id #{row[:id]}"}"
end

begin
  rows = sync('UPSERT',
              opportunity('Example 1', 'Amount' => '2000', 'CloseDate' => '2014-03-31'),
              opportunity('Example 2', 'Amount' => 'a lot'))
  rows.each.with_index(1) { |row, number| print_row("Opportunity Example #{number}", row) }

  role = attributes('OpportunityId' => rows[0][:id], 'PersonId' => '19', 'Role' => 'Influencer/Champion')
  print_row('Role', sync('UPSERT', { 'type' => 'OpportunityPersonRole', 'attribList' => role }).first)
rescue Savon::SOAPFault => e
  abort "fault: #{e.to_hash[:fault][:faultstring]}"
end
