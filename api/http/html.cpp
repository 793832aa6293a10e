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

std::string other_language(std::string_view path, Language language) {
    const bool portuguese = language == Language::portuguese;
    return "<a lang=\"" + std::string(portuguese ? "en" : "pt-BR") + "\" href=\"" +
           std::string(path) + "?lang=" + (portuguese ? "en" : "pt") + "\">" +
           (portuguese ? "English" : "Português") + "</a>";
}

}  // namespace vitrine::api
