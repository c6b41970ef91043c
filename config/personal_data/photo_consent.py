"""The text people agree to before a photo of theirs is processed.

A change of meaning needs a new version in CONSENT_VERSIONS: a test holds the two together.
"""

from django.utils.translation import gettext_lazy as _

TITLE = _("Your photos and your consent")
SECTIONS = [
    (
        _("What happens to your photo"),
        _(
            "To show a garment on you, a program finds your figure and your pose in the photo "
            "that you send, and lays the garment over it. This happens on the servers of Leema; "
            "the photo is not given to any other company."
        ),
    ),
    (
        _("What does not happen"),
        _(
            "We do not recognise faces, do not compare your photo with those of other people, do "
            "not train programs with it, and do not show it to anybody. Administrators can see "
            "finished pictures when they look into a problem."
        ),
    ),
    (
        _("How long it is kept"),
        _(
            "Your photo is deleted 30 days after the try-on is finished. In your profile you may "
            "choose to have it deleted at once, or kept. The photo of a try-on that failed is "
            "deleted after 24 hours, and an upload that was never used as well. The finished "
            "picture stays in your history until you delete your account."
        ),
    ),
    (
        _("How the finished picture is marked"),
        _(
            "Every finished picture carries a visible label and a mark in the file that say that "
            "artificial intelligence made it. Anybody who has the file can ask us whether it was "
            "made here; we do not say for whom."
        ),
    ),
    (
        _("Whose photo you may send"),
        _(
            "Send a photo of yourself, or of a person who has agreed to it. For a child, a parent "
            "decides."
        ),
    ),
    (
        _("How to take your consent back"),
        _(
            "You may take it back at any time in the app. Then the photos you have sent are "
            "deleted within a minute, and try-ons that are not finished are stopped and paid back. "
            "Finished pictures remain yours. If you delete your account, they are deleted too."
        ),
    ),
    (
        _("What we keep as proof"),
        _(
            "When you agreed and when you took it back, to which version of this text, and the "
            "network address and the program you did it with. If you delete your account, the "
            "address and the program are deleted."
        ),
    ),
]
