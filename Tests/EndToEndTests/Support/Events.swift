import Foundation

/// Bodies of the providers' documented shapes, small, each with an id of its own.
enum Events {
    static func id(_ prefix: String = "evt_") -> String { prefix + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased() }

    static func stripeCustomer(
        id: String = Events.id(), type: String = "customer.updated", customer: String = "cus_1", email: String = "jo@example.com",
        name: String = "Jo", created: Int = Int(Date().timeIntervalSince1970)
    ) -> String {
        """
        {"id":"\(id)","object":"event","created":\(created),"type":"\(type)","livemode":false,\
        "data":{"object":{"id":"\(customer)","object":"customer","email":"\(email)","name":"\(name)"}}}
        """
    }

    static func stripeInvoice(
        id: String = Events.id(), type: String = "invoice.paid", customer: String = "cus_1", amount: Int = 1000,
        created: Int = Int(Date().timeIntervalSince1970)
    ) -> String {
        """
        {"id":"\(id)","object":"event","created":\(created),"type":"\(type)","livemode":false,\
        "data":{"object":{"id":"in_\(amount)","object":"invoice","customer":"\(customer)","customer_email":"jo@example.com",\
        "amount_paid":\(amount)}}}
        """
    }

    static func hubspot(_ events: [(id: Int, type: String, object: Int, property: String, value: String)]) -> String {
        let list = events.map { event in
            """
            {"eventId":\(event.id),"subscriptionId":7,"portalId":1,"occurredAt":\(Int(Date().timeIntervalSince1970 * 1000)),\
            "subscriptionType":"\(event.type)","attemptNumber":0,"objectId":\(event.object),"changeSource":"CRM",\
            "propertyName":"\(event.property)","propertyValue":"\(event.value)"}
            """
        }
        return "[\(list.joined(separator: ","))]"
    }
}
