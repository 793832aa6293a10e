#include "gateways/rest/paths.hpp"

#include "net/http.hpp"

namespace vitrine::rest {
namespace {

void add_encoded(std::string& path, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    path += path.find('?') == std::string::npos ? '?' : '&';
    path.append(name).append("=").append(value);
}

}  // namespace

Call make_call(std::string method, std::string path, JsonText body) {
    Call call;
    call.method = std::move(method);
    call.path = std::move(path);
    call.body = std::move(body);
    return call;
}

Call get_call(std::string path) {
    return make_call("GET", std::move(path));
}

std::string comma_list(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += ',';
        text += net::percent_encode(part);
    }
    return text;
}

void add_query(std::string& path, std::string_view name, std::string_view value) {
    add_encoded(path, name, net::percent_encode(value));
}

void add_query(std::string& path, std::string_view name, const std::vector<std::string>& values) {
    add_encoded(path, name, comma_list(values));
}

}  // namespace vitrine::rest
