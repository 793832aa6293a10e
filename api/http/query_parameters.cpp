#include "api/http/query_parameters.hpp"

namespace vitrine::api {

queries::DaysParameters days_of(const Call& call) {
    return {call.parameter("period"), call.parameter("from"), call.parameter("to")};
}

queries::ListParameters list_parameters(const Call& call) {
    return {
        .status = call.parameter("status"),
        .sku = call.parameter("sku"),
        .type = call.parameter("type"),
        .q = call.parameter("q"),
        .sort = call.parameter("sort"),
        .limit = call.parameter("limit"),
        .cursor = call.parameter("cursor"),
        .as_of = call.as_of,
        .product_id = call.parameter("product_id"),
        .days = days_of(call),
    };
}

}  // namespace vitrine::api
