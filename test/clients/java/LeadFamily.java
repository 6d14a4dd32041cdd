import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.bind.JAXBContext;
import javax.xml.bind.JAXBElement;
import javax.xml.bind.JAXBIntrospector;
import javax.xml.namespace.QName;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.soap.SOAPFaultException;

/**
 * Makes calls with classes that wsimport made from a WSDL, in the package com.marketo.mktows. Reads a line of endpoint,
 * user and secret, then a line for each call: operation and parameters, as XML in base64. Prints for each what the
 * classes hold of the answer, as XML in base64, or the faultstring.
 */
public class LeadFamily {
  static final String PACKAGE = "com.marketo.mktows";
  static final String NAMESPACE = "http://www.marketo.com/mktows/";

  static Object header(Class<?> type, String user, String secret) throws Exception {
    String time = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    String signature = HexFormat.of().formatHex(mac.doFinal((time + user).getBytes(StandardCharsets.UTF_8)));
    Object header = type.getDeclaredConstructor().newInstance();
    type.getMethod("setMktowsUserId", String.class).invoke(header, user);
    type.getMethod("setRequestSignature", String.class).invoke(header, signature);
    type.getMethod("setRequestTimestamp", String.class).invoke(header, time);
    return header;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static String written(JAXBContext context, Object answer) throws Exception {
    StringWriter xml = new StringWriter();
    String name = answer.getClass().getSimpleName();
    QName element = new QName(NAMESPACE, name.substring(0, 1).toLowerCase() + name.substring(1));
    boolean isRoot = context.createJAXBIntrospector().isElement(answer);
    context.createMarshaller().marshal(isRoot ? answer : new JAXBElement(element, answer.getClass(), answer), xml);
    return xml.toString();
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String endpoint = lines.readLine();
    String user = lines.readLine();
    String secret = lines.readLine();
    Class<?> serviceType = Class.forName(PACKAGE + ".MktMktowsApiService");
    Object service = serviceType.getConstructor(URL.class, QName.class)
        .newInstance(new URL(endpoint + "?WSDL"), new QName(NAMESPACE, "MktMktowsApiService"));
    Object port = serviceType.getMethod("getMktowsApiSoapPort").invoke(service);
    Class<?> portType = Class.forName(PACKAGE + ".MktowsPort");
    JAXBContext context = JAXBContext.newInstance(PACKAGE);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] parts = line.split(" ");
      String xml = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      Object params = JAXBIntrospector.getValue(
          context.createUnmarshaller().unmarshal(new StreamSource(new StringReader(xml))));
      Method method = Arrays.stream(portType.getMethods())
          .filter(each -> each.getName().equals(parts[0])).findFirst().orElseThrow();
      Class<?>[] types = method.getParameterTypes();
      Object[] values = new Object[types.length];
      for (int index = 0; index < types.length; index++) {
        if (types[index].isInstance(params)) values[index] = params;
        else if (types[index].getSimpleName().startsWith("AuthenticationHeader")) {
          values[index] = header(types[index], user, secret);
        }
      }
      try {
        String answer = written(context, method.invoke(port, values));
        System.out.println(Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8)));
      } catch (InvocationTargetException error) {
        if (!(error.getCause() instanceof SOAPFaultException fault)) throw error;
        System.out.println("fault " + fault.getFault().getFaultString());
      }
    }
  }
}
