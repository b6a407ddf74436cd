-- wrk script: each request captures one event about ten things that nobody has seen before.
-- Arguments: API key, a number that differs from round to round.
local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(arguments)
   count = 0
   round = tonumber(arguments[2])
   wrk.method = "POST"
   wrk.path = "/epcis/capture"
   wrk.headers["Authorization"] = "Bearer " .. arguments[1]
   wrk.headers["Content-Type"] = "application/json"
   head = '{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument",'
      .. '"schemaVersion":"2.0","creationDate":"2026-03-01T08:00:00.000+07:00","epcisBody":{"eventList":[{'
      .. '"type":"ObjectEvent","action":"OBSERVE","bizStep":"packing","disposition":"in_progress",'
      .. '"eventTime":"2026-03-01T08:00:00.000+07:00","eventTimeZoneOffset":"+07:00","eventID":"urn:uuid:'
end

function request()
   count = count + 1
   local serial = string.format("%03d%02d%09d", round, number, count)
   local body = {head, string.format("00000000-0000-4000-8000-%012d", (round * 100 + number) * 10000000 + count),
                 '","epcList":['}
   for thing = 0, 9 do
      body[#body + 1] = '"urn:epc:id:sgtin:8938501.000001.' .. serial .. thing .. (thing < 9 and '",' or '"')
   end
   body[#body + 1] = ']}]}}'
   return wrk.format(nil, nil, nil, table.concat(body))
end

function done(summary, latency)
   print(string.format("RESULT %d %d %d %f", summary.requests, summary.duration,
      summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
      latency:percentile(99)))
end
