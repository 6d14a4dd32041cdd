// Needs Java 17 or newer: java SyncMObjects.java
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

public class SyncMObjects {
  static final String ENDPOINT = System.getenv("MKTOWS_ENDPOINT");
  static final String USER = System.getenv("MKTOWS_USER");
  static final String SECRET = System.getenv("MKTOWS_SECRET");

  static String sign(String time) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    return HexFormat.of().formatHex(mac.doFinal((time + USER).getBytes(StandardCharsets.UTF_8)));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  static String pair(String tag, String name, String value) {
    return "<%s><name>%s</name><value>%s</value></%s>".formatted(tag, escape(name), escape(value), tag);
  }

  static String object(String type, String key, Map<String, String> values) {
    String attributes = values.entrySet().stream()
        .map(entry -> pair("attrib", entry.getKey(), entry.getValue())).collect(Collectors.joining());
    return "<mObject><type>%s</type>%s<attribList>%s</attribList></mObject>".formatted(type, key, attributes);
  }

  static String opportunity(String name, Map<String, String> values) {
    return object("Opportunity", pair("externalKey", "Name", name), values);
  }

  /** Returns an mObjStatus element for each object, in the same order. */
  static List<Element> sync(String operation, String... objects) throws Exception {
    String time = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS).toString();
    String body = """
        <?xml version="1.0" encoding="UTF-8"?>
        <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/">
          <SOAP-ENV:Header><ns1:AuthenticationHeader>
            <mktowsUserId>%s</mktowsUserId>
            <requestSignature>%s</requestSignature>
            <requestTimestamp>%s</requestTimestamp>
          </ns1:AuthenticationHeader></SOAP-ENV:Header>
          <SOAP-ENV:Body><ns1:paramsSyncMObjects>
            <mObjectList>%s</mObjectList>
            <operation>%s</operation>
          </ns1:paramsSyncMObjects></SOAP-ENV:Body>
        </SOAP-ENV:Envelope>
        """.formatted(escape(USER), sign(time), time, String.join("", objects), operation);
    HttpRequest request = HttpRequest.newBuilder(URI.create(ENDPOINT))
        .header("Content-Type", "text/xml; charset=utf-8").header("SOAPAction", "\"\"")
        .POST(HttpRequest.BodyPublishers.ofString(body)).build();
    HttpResponse<byte[]> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    Document answer = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(new ByteArrayInputStream(response.body()));
    if (response.statusCode() != 200) {
      System.err.println("fault: " + text(answer.getDocumentElement(), "faultstring"));
      System.exit(1);
    }
    var rows = answer.getElementsByTagName("mObjStatus");
    return IntStream.range(0, rows.getLength()).mapToObj(index -> (Element) rows.item(index)).toList();
  }

  static String text(Element element, String name) {
    return element.getElementsByTagName(name).item(0).getTextContent();
  }

  static void print(String what, Element row) {
    String status = text(row, "status");
    System.out.println(what + ": " + status + ", " + (status.equals("FAILED") ? text(row, "error") : "id " + text(row, "id")));
  }

  public static void main(String[] arguments) throws Exception {
    List<Element> rows = sync("UPSERT",
        opportunity("Example 1", Map.of("Amount", "2000", "CloseDate", "2014-03-31")),
        opportunity("Example 2", Map.of("Amount", "a lot")));
    for (int index = 0; index < rows.size(); index++) print("Opportunity Example " + (index + 1), rows.get(index));

    Map<String, String> role =
        Map.of("OpportunityId", text(rows.get(0), "id"), "PersonId", "19", "Role", "Influencer/Champion");
    print("Role", sync("UPSERT", object("OpportunityPersonRole", "", role)).get(0));
  }
}
