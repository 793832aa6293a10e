#include "events/person_json.hpp"

namespace vitrine::events {

using Json = nlohmann::ordered_json;

Json to_json(const PersonText& value) {
    switch (value.form()) {
        case PersonText::Form::open:
            return value.text();
        case PersonText::Form::sealed:
            if (value.seal().empty()) return Json{{"sealed", true}};
            return Json{{"sealed", value.seal()}};
        case PersonText::Form::erased:
            break;
    }
    return Json{{"erased", true}};
}

void take(const Json& json, PersonText& value) {
    if (json.is_string()) {
        value = PersonText(json.get<std::string>());
        return;
    }
    const bool is_form = json.is_object() && json.size() == 1;
    if (is_form && json.contains("erased") && json.at("erased") == true) {
        value = PersonText::erased();
    } else if (is_form && json.contains("sealed") && json.at("sealed") == true) {
        value = PersonText::sealed({});
    } else if (is_form && json.contains("sealed") && json.at("sealed").is_string()) {
        value = PersonText::sealed(json.at("sealed").get<std::string>());
    } else {
        throw Json::type_error::create(302, "is neither text, sealed nor erased", &json);
    }
}

}  // namespace vitrine::events
