"""Errors of accounts: the tree, with the problem slug of each.

Problem
├── NotFound
│   └── CodeUnknown          code-unknown          a link or letter that is unknown, used or expired
├── Unauthenticated
│   ├── SignInRefused        sign-in-refused       name, password or letter do not fit
│   ├── SecondStep           second-step-required  the six digits are missing
│   └── SignatureRefused     signature-refused     a signed request that is not the client's, not in time, or not new
├── Forbidden
│   └── BeyondOwnRights      beyond-own-rights     rights that the caller may not give or touch
├── Conflict
│   ├── NameTaken            name-taken            names are unique in the installation
│   ├── DeputyshipTaken      deputyship-taken      one deputyship, one account
│   ├── OfficeAndTeller      office-and-teller     who runs the office counts no meeting
│   ├── LastOffice           last-office           the last office account of a town stays
│   └── WrongState           wrong-state           the state of the record does not allow the command
├── Invalid
│   ├── RightsUnfit          rights-unfit          roles, areas, deputyship and meeting that do not go together
│   ├── ReferenceUnknown     reference-unknown     names a record that does not exist, or is over
│   └── PasswordWeak         password-weak         too short, too common, or the name
└── TooMany
    └── TooManyAttempts      too-many-attempts     wait before the next attempt
"""

from shared.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class CodeUnknown(NotFound):
    slug, title = "code-unknown", "链接或信件无效：已经用过、已过期，或者写错了"


class SignInRefused(Unauthenticated):
    slug, title = "sign-in-refused", "登录名或口令不对"


class SecondStep(Unauthenticated):
    slug, title = "second-step-required", "请输入动态口令"


class SignatureRefused(Unauthenticated):
    slug, title = "signature-refused", "签名不对、时间相差过大，或者请求已经用过"


class ReferenceUnknown(Invalid):
    slug, title = "reference-unknown", "所指的记录不存在或者已经结束"


class BeyondOwnRights(Forbidden):
    slug, title = "beyond-own-rights", "超出您可以授予或管理的权限"


class NameTaken(Conflict):
    slug, title = "name-taken", "该登录名已被使用"


class DeputyshipTaken(Conflict):
    slug, title = "deputyship-taken", "该代表已有账号"


class OfficeAndTeller(Conflict):
    slug, title = "office-and-teller", "人大办人员不能同时担任计票员"


class LastOffice(Conflict):
    slug, title = "last-office", "这是本乡镇最后一个人大办账号，不能停用"


class WrongState(Conflict):
    slug, title = "wrong-state", "当前状态不能办理"


class RightsUnfit(Invalid):
    slug, title = "rights-unfit", "角色、区划、代表、测评会议的组合不对"


class PasswordWeak(Invalid):
    slug, title = "password-weak", "口令太弱"


class TooManyAttempts(TooMany):
    slug, title = "too-many-attempts", "尝试次数过多，请稍候再试"
