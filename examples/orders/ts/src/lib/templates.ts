/** What we write to customers. `{{name}}` is replaced; see `render` in notify.ts. */

export interface Template {
  subject: string;
  html: string;
  sms?: string;
}

export const templates: Record<string, Template> = {
  "order-paid": {
    subject: "We have your payment for order {{orderId}}",
    html: "<p>Hello {{firstName}},</p><p>thank you! Your order <b>{{orderId}}</b> is paid and goes to the warehouse now.</p>",
    sms: "Tidewater: order {{orderId}} is paid, it ships soon.",
  },
  "payment-failed": {
    subject: "We could not charge your card",
    html: "<p>Hello {{firstName}},</p><p>the bank refused the payment for order <b>{{orderId}}</b>. Please choose another card.</p>",
  },
  "order-refunded": {
    subject: "Your refund is on its way",
    html: "<p>Hello {{firstName}},</p><p>we sent back the money for order <b>{{orderId}}</b>. {{note}}</p>",
  },
  "order-disputed": {
    subject: "About your payment",
    html: "<p>Hello {{firstName}},</p><p>the payment for order <b>{{orderId}}</b> was disputed. Our service will write to you.</p>",
  },
  announcement: {
    subject: "{{title}}",
    html: "<p>Hello {{firstName}},</p>{{text}}",
    sms: "Tidewater: {{title}}",
  },
};
