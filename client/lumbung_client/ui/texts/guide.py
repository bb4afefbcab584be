"""The words of the first minutes: the introduction, the practice form, and the help of the four main screens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GuideTexts:
    """Their texts in one language. Those that end in `_lines` are sentences below each other."""

    # The introduction
    page_of: str
    registered: str
    skip: str
    forward: str
    previous: str
    begin: str
    close: str
    works_title: str
    works: str
    arrived_title: str
    arrived: str
    arrived_keep: str
    judge_title: str
    judge: str
    seen_title: str
    seen: str
    seen_products: str
    seen_shared: str

    # In the settings
    section: str
    again: str
    practise: str

    # Practice
    practice: str
    practice_lead: str
    practice_note: str
    practice_photo: str
    practice_none: str
    practice_none_help: str
    practice_done: str
    practice_done_help: str
    practice_next: str
    practice_again: str

    # Help of a screen
    help: str
    activities_lines: str
    record_lines: str
    send_lines: str
    feed_lines: str
    feed_coordinator_lines: str


INDONESIAN = GuideTexts(
    page_of="{n} dari {total}",
    registered="Ponsel ini terdaftar untuk {name}, {region}. Kalau itu bukan Anda, hubungi koordinator dulu sebelum mencatat.",
    skip="Lewati",
    forward="Lanjut",
    previous="Sebelumnya",
    begin="Mulai",
    close="Tutup",
    works_title="Tanpa sinyal pun bisa mencatat",
    works="Catat kegiatan di mana saja. Setiap isian langsung tersimpan di ponsel ini, juga saat tidak ada sinyal. Begitu ada sinyal dan Lumbung terbuka, catatan Anda terkirim sendiri.",
    arrived_title="Anda tahu mana yang sudah sampai",
    arrived="Setiap kegiatan menunjukkan statusnya:",
    arrived_keep="Selama masih ada yang menunggu, jangan hapus data Lumbung atau peramban, dan jangan berikan ponsel ini kepada orang lain.",
    judge_title="Anda yang memeriksa",
    judge="Di layar Wilayah tampil kegiatan semua kader di wilayah Anda. Verifikasi yang sudah benar, atau kembalikan beserta alasannya; kader melihat jawaban Anda saat tersambung lagi. Keputusan yang Anda buat tanpa sinyal disimpan dan dikirim kemudian.",
    seen_title="Siapa yang melihat kegiatan",
    seen="Sebuah kegiatan dilihat oleh pencatatnya, kader lain di wilayah itu, dan koordinatornya: dari kecamatan sampai provinsi.",
    seen_products="Orang lain hanya melihat produk UMK di katalog, dan hanya kalau pemiliknya setuju dan koordinator sudah memverifikasinya.",
    seen_shared="Ponsel ini dipakai bersama? Pasang PIN di Pengaturan.",
    section="Belajar memakai Lumbung",
    again="Baca pengenalan",
    practise="Coba latihan",
    practice="Latihan",
    practice_lead="Coba isi satu formulir. Tidak ada yang disimpan.",
    practice_note="Ini latihan: isian di sini tidak disimpan dan tidak dikirim.",
    practice_photo="Di latihan tidak ada foto yang diambil. Di formulir yang sebenarnya bisa.",
    practice_none="Belum ada formulir untuk latihan",
    practice_none_help="Buka Kirim dan ketuk Kirim sekarang supaya ponsel ini menerima formulirnya, lalu coba lagi.",
    practice_done="Latihan selesai",
    practice_done_help="Seandainya ini bukan latihan, kegiatan Anda sekarang muncul di daftar Kegiatan, mula-mula dengan tanda pertama ini, lalu dengan yang kedua setelah diterima server:",
    practice_next="Catat kegiatan",
    practice_again="Ulangi latihan",
    help="Bantuan",
    activities_lines="Di sini ada semua kegiatan yang Anda catat, yang terbaru paling atas. Ketuk satu untuk membaca, mengubah, atau menghapusnya.\nBaris di atas daftar menunjukkan apakah ada sinyal, berapa yang menunggu kirim, dan kapan terakhir tersambung. Ketuk baris itu untuk melihat apa yang menghalangi dan arti setiap tanda.\nYang berstatus Draf belum dikirim: buka, lengkapi, lalu ketuk Selesai.\nIkon toko di atas membuka daftar usaha, bank sampah, dan kelompok.",
    record_lines="Pilih jenis kegiatannya, lalu formulirnya terbuka. Isian bertanda * wajib diisi.\nIsian tersimpan sendiri di ponsel ini. Formulir boleh ditutup; drafnya muncul di bagian atas layar ini.\nKetuk Selesai kalau sudah lengkap. Kegiatan itu dikirim otomatis begitu ada sinyal dan Lumbung terbuka.\nMau mencoba dulu? Pakai Latihan di bagian bawah.",
    send_lines="Di sini terlihat apa yang masih menunggu di ponsel ini dan apa yang sudah diterima server.\nSelama terbuka dan ada sinyal, Lumbung mengirim sendiri. Dengan Kirim sekarang Anda tidak perlu menunggu.\nBukti terima berarti server sudah menyimpan catatan itu. Sebutkan nomornya kalau ada yang bertanya.\nKalau ada yang perlu diperbaiki, buka kegiatannya; alasannya tertulis di sana.",
    feed_lines="Di sini ada kegiatan semua kader di wilayah Anda, seperti yang terakhir diterima ponsel ini.\nKetuk satu untuk membacanya. Yang bisa Anda ubah hanya kegiatan Anda sendiri.\nBelum ada yang baru? Buka Kirim, lalu ketuk Kirim sekarang.",
    feed_coordinator_lines="Di sini ada kegiatan semua kader di wilayah Anda, langsung dari server. Tanpa jaringan tampil halaman yang terakhir Anda buka.\nKetuk satu untuk memverifikasinya, atau mengembalikannya dengan alasan. Dengan tombol pilih Anda bisa memeriksa beberapa sekaligus.\nSaringan mempersempit daftar menurut wilayah, jenis, tanggal, dan orang.\nIkon meja membuka ikhtisar, laporan, program kerja, dan urusan wilayah lainnya.",
)

ENGLISH = GuideTexts(
    page_of="{n} of {total}",
    registered="This phone is registered for {name}, {region}. If that is not you, ask your coordinator before you record anything.",
    skip="Skip",
    forward="Next",
    previous="Previous",
    begin="Start",
    close="Close",
    works_title="It works without a signal",
    works="Record activities anywhere. Every answer is saved on this phone at once, also when there is no signal. As soon as there is a signal and Lumbung is open, your records are sent by themselves.",
    arrived_title="You know what has arrived",
    arrived="Every activity shows how it stands:",
    arrived_keep="As long as anything waits, do not clear the data of Lumbung or of the browser, and do not give this phone away.",
    judge_title="You are the one who reviews",
    judge="The feed shows the activities of your whole region. Verify what is right, or send it back with a reason; the cadre sees your answer with the next connection. What you decide without a signal is kept and sent later.",
    seen_title="Who sees an activity",
    seen="An activity is seen by who recorded it, by other cadres of that region, and by its coordinators: from the district up to the province.",
    seen_products="Others see only products in the catalogue, and only when their owner agreed and a coordinator verified them.",
    seen_shared="Do several people use this phone? Set a PIN in the settings.",
    section="Learning to use Lumbung",
    again="Read introduction",
    practise="Practise",
    practice="Practice",
    practice_lead="Try to fill in a form. Nothing is saved.",
    practice_note="This is practice: nothing you enter here is saved or sent.",
    practice_photo="No photo is taken in practice. In a real form you can take some.",
    practice_none="No form to practise with yet",
    practice_none_help="Open Send and tap Send now so that this phone receives the forms, then try again.",
    practice_done="Practice finished",
    practice_done_help="If this were no practice, your activity would now be in the list of activities, with the first of these marks, and with the second once the server has received it:",
    practice_next="Start recording",
    practice_again="Practise again",
    help="Help",
    activities_lines="Here are all activities that you recorded, the newest on top. Tap one to read, change or delete it.\nThe line above the list shows whether there is a signal, how many wait to be sent, and when you were last connected. Tap it to see what stops sending and what each mark means.\nA draft is not sent yet: open it, complete it, then tap Finish.\nThe shop icon at the top opens the list of businesses, waste banks and groups.",
    record_lines="Choose the kind of activity, and its form opens. Questions marked * must be answered.\nAnswers are saved on this phone by themselves. You may close the form; its draft appears at the top of this screen.\nTap Finish when it is complete. The activity is sent by itself once there is a signal and Lumbung is open.\nWould you like to try first? Use Practice at the bottom.",
    send_lines="Here you see what still waits on this phone and what the server has received.\nWhile it is open and there is a signal, Lumbung sends by itself. With Send now you need not wait.\nA receipt means that the server has stored the record. Give its number if somebody asks.\nIf something needs correction, open the activity; the reason is written there.",
    feed_lines="Here are the activities of all cadres in your region, as this phone last received them.\nTap one to read it. You can change only your own.\nNothing new yet? Open Send, then tap Send now.",
    feed_coordinator_lines="Here are the activities of all cadres in your region, straight from the server. Without a network you see the pages that you opened last.\nTap one to verify it, or to send it back with a reason. With the button for choosing you can review several at once.\nThe filter narrows the list by region, kind, date and person.\nThe desk icon opens the overview, the report, the work programme and the other matters of the region.",
)
