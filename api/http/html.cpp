#include "api/http/html.hpp"

namespace vitrine::api {

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '&':
                html += "&amp;";
                break;
            case '"':
                html += "&quot;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

std::string element(std::string_view tag, std::string_view text) {
    const std::string name(tag);
    return '<' + name + '>' + escaped(text) + "</" + name + '>';
}

std::string link_to(std::string_view target, std::string_view text) {
    return "<a href=\"" + escaped(target) + "\">" + escaped(text) + "</a>";
}

}  // namespace vitrine::api
