#include "sandbox/events.hpp"

#include <algorithm>
#include <array>

#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {
namespace {

constexpr auto official = std::to_array<std::string_view>({
    "order.created",
    "order.paid",
    "order.shipped",
    "order.delivered",
    "order.completed",
    "order.cancelled",
    "order.refunded",
    "order.updated",
    "payment.authorized",
    "payment.paid",
    "payment.failed",
    "payment.refunded",
    "payment.cancelled",
    "payment.method.saved",
    "payment.action_required",
    "payment_method.changed",
    "payment_method.setup_completed",
    "payment.completed",
    "subscription.created",
    "subscription.activated",
    "subscription.cancelled",
    "subscription.canceled",
    "subscription.updated",
    "subscription.access_suspended",
    "subscription.canceled_for_nonpayment",
    "subscription.access_revoked",
    "subscription.trial_ending",
    "subscription.trial_converted",
    "subscription.payment_failed",
    "subscription.payment_recovered",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "customer.merged",
    "customer.segment.changed",
    "customer.consent.updated",
    "customer.metrics.updated",
    "customer.address.added",
    "customer.address.updated",
    "customer.address.deleted",
    "user.updated",
    "user.preferences.updated",
    "user.data.deleted",
    "cart.created",
    "cart.updated",
    "cart.abandoned",
    "cart.recovered",
    "cart.cleanup",
    "cart.converted",
    "checkout.created",
    "checkout.confirmed",
    "checkout.failed",
    "checkout.expired",
    "checkout.payment_method_updated",
    "product.created",
    "product.updated",
    "product.deleted",
    "coupon.validated",
    "coupon.applied",
    "promotions.detected",
    "promotion.applied",
    "dunning.email_required",
    "dunning.sms_required",
    "dunning.payment_recovered",
    "oneclickcheckout.initiated",
    "oneclickcheckout.processing",
    "oneclickcheckout.completed",
    "oneclickcheckout.failed",
    "affiliate.registered",
    "affiliate.approved",
    "affiliate.click",
    "affiliate.conversion",
    "digital-wallet.payment.processed",
    "digital-wallet.payment.failed",
    "api-key.generated",
    "api-key.updated",
    "api-key.revoked",
    "api-key.rotated",
    "gdpr.audit",
    "test",
});
constexpr std::array<std::string_view, 3> of_offers{
    "offer.created", "offer.updated", "offer.deleted"
};

}  // namespace

bool is_event_name(std::string_view name, bool strict) {
    return contains(official, name) || (!strict && contains(of_offers, name));
}

}  // namespace vitrine::sandbox
