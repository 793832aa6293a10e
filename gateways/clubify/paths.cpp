#include "gateways/clubify/paths.hpp"

#include "net/http.hpp"

namespace vitrine::clubify {

std::string path_of(std::string_view collection, const ClubifyId& id, std::string_view rest) {
    std::string text = "/";
    text.append(collection).append("/").append(net::percent_encode(id.view())).append(rest);
    return text;
}

}  // namespace vitrine::clubify
