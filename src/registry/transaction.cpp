#include "authorization.hpp"
#include "core.hpp"
#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"
#include "route.hpp"

namespace referee::registry {

namespace {

/// Requests whose body means nothing may still carry a little.
constexpr std::uint64_t kIgnoredBody = 64UL * 1024;

bool is_streamed(const Request& request) {
  switch (request.route.endpoint) {
    case Endpoint::kUploads:
      return request.method == Method::kPost;
    case Endpoint::kUpload:
      return request.method == Method::kPatch || request.method == Method::kPut;
    default:
      return false;
  }
}

Response dispatch(const Request& request, Core& core) {
  switch (request.route.endpoint) {
    case Endpoint::kBase:
      return handle_base(request, core);
    case Endpoint::kBlob:
      return handle_blob(request, core);
    case Endpoint::kUpload:
      return request.method == Method::kDelete ? handle_upload_cancel(request, core)
                                               : handle_upload_status(request, core);
    case Endpoint::kManifest:
      return request.method == Method::kPut ? handle_manifest_put(request, core) : handle_manifest(request, core);
    case Endpoint::kTags:
      return handle_tags(request, core);
    case Endpoint::kReferrers:
      return handle_referrers(request, core);
    case Endpoint::kDiscover:
      return handle_discover(request, core);
    case Endpoint::kNodeReference:
    case Endpoint::kNodeObjects:
    case Endpoint::kNodeDescription:
      return handle_node(request, core);
    case Endpoint::kUploads:
    case Endpoint::kNone:
      break;
  }
  return problem(404, code::kUnsupported, "no such endpoint");
}

}  // namespace

Transaction::Transaction(Core& core, Request request, bool control)
    : core_(core), request_(std::move(request)), control_(control) {
  if (auto target = parse_target(request_.target)) {
    routed_ = true;
    request_.route = std::move(target->route);
    request_.style = target->style;
    request_.query = std::move(target->query);
  }
}

Transaction::~Transaction() = default;

std::optional<Response> Transaction::check() const {
  const auto& route = request_.route;
  if (!routed_) return problem(400, code::kUnsupported, "the request target is not valid");
  if (route.endpoint == Endpoint::kNone) return problem(404, code::kUnsupported, "no such endpoint");
  const auto& features = core_.rules().features;
  // A path style that the profile does not have is a path like any that nobody knows, whatever the method.
  if (request_.style != PathStyle::kDistribution && !is_served(route.endpoint, request_.style, features)) {
    return problem(404, code::kUnsupported, "no such endpoint");
  }
  if (!is_allowed(route.endpoint, request_.method)) {
    auto response = problem(405, code::kUnsupported, "this method is not allowed here");
    response.headers.add("Allow", std::string(allowed_methods(route.endpoint)));
    return response;
  }
  if (!is_served(route.endpoint, request_.style, features)) {
    return problem(404, code::kUnsupported, "there is no referrers API");
  }
  const bool whole =
      route.endpoint == Endpoint::kBase || (route.endpoint == Endpoint::kDiscover && route.repository.empty());
  if (!whole && core_.rules().check_repositories && !is_repository(route.repository)) {
    return problem(400, code::kNameInvalid, "the repository name is not valid");
  }
  return std::nullopt;
}

std::optional<Response> Transaction::run_before() {
  for (const auto* deviation : core_.deviations()) {
    if (deviation->before == nullptr) continue;
    if (auto response = deviation->before(request_, core_)) return response;
  }
  return std::nullopt;
}

Response Transaction::done(Response response) {
  if (control_) return response;
  sink_.reset();  // the session is free again before the client can know
  for (const auto* deviation : core_.deviations()) {
    if (deviation->after != nullptr) deviation->after(request_, response, core_);
  }
  return response;
}

Response Transaction::too_large() const {
  if (!buffered_) return problem(413, code::kSizeInvalid, "no body of this size is expected here");
  return problem(core_.rules().over_limit_status, code::kManifestInvalid, "the manifest is larger than the limit");
}

std::optional<Response> Transaction::start() {
  if (control_) {
    limit_ = kIgnoredBody;
    return std::nullopt;
  }
  if (const auto& auth = core_.auth()) {
    if (auto response = answer_token_request(request_, core_, *auth)) return response;
    if (auto response = refuse_unauthorized(request_, core_, *auth)) return response;
  }
  if (auto response = check()) return response;
  if (is_streamed(request_)) {
    if (auto response = run_before()) return response;
    auto sink = start_upload(request_, core_);
    if (!sink) return std::move(sink.error());
    sink_ = std::move(*sink);
    return std::nullopt;
  }
  buffered_ = request_.route.endpoint == Endpoint::kManifest && request_.method == Method::kPut;
  limit_ = buffered_ ? core_.rules().features.manifest_limit : kIgnoredBody;
  truncating_ = buffered_ && core_.rules().limit_truncates;
  if (!truncating_ && request_.content_length.value_or(0) > limit_) return too_large();
  return std::nullopt;
}

std::optional<Response> Transaction::open() {
  if (auto response = start()) return done(std::move(*response));
  return std::nullopt;
}

std::optional<Response> Transaction::write(std::string_view piece) {
  received_ += piece.size();
  if (sink_) {
    if (auto response = sink_->write(piece)) return done(std::move(*response));
    return std::nullopt;
  }
  if (received_ > limit_ && !truncating_) return done(too_large());
  if (buffered_) request_.body.append(piece.substr(0, limit_ - request_.body.size()));
  return std::nullopt;
}

Response Transaction::finish() {
  if (sink_) {
    auto response = sink_->finish();
    return done(std::move(response));
  }
  if (control_) return done(handle_control(request_, core_));
  if (auto response = run_before()) return done(std::move(*response));
  return done(dispatch(request_, core_));
}

}  // namespace referee::registry
