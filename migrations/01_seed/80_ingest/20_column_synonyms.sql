-- What columns of files are called besides our own names, English and Indonesian (spec: command_center §3.7, member §3.5).

with wanted (module, column_name, synonyms) as (
    values
        (
            'leads', 'company_name',
            'company companies account account_name organisation organization business client client_name customer customer_name '
            'perusahaan nama_perusahaan nama_pt pt nama_usaha badan_usaha pelanggan nama_pelanggan instansi nama_instansi'
        ),
        (
            'leads', 'pic_name',
            'pic contact contact_name contact_person person_in_charge full_name name attention attn '
            'nama nama_pic nama_kontak kontak penanggung_jawab nama_lengkap narahubung'
        ),
        (
            'leads', 'contact_phone',
            'phone phone_number phone_no telephone tel mobile mobile_phone mobile_number cell whatsapp wa pic_phone contact_number '
            'telepon telpon telp no_telepon no_telpon no_telp nomor_telepon nomor_telpon no_hp hp handphone nomor_hp no_wa nomor_wa '
            'ponsel nomor_ponsel kontak_telepon'
        ),
        ('leads', 'email', 'e_mail mail email_address e_mail_address pic_email contact_email surel alamat_email alamat_surel'),
        ('leads', 'city_area', 'city area town location kota kota_area wilayah daerah kabupaten kota_kabupaten lokasi domisili'),
        (
            'leads', 'service_code',
            'service service_type service_id product product_code layanan kode_layanan jenis_layanan kode_jasa jasa produk kode_produk'
        ),
        ('leads', 'primary_channel', 'channel source lead_source source_channel kanal sumber sumber_lead saluran kanal_utama'),
        (
            'leads', 'npwp',
            'tax_id tax_number tax_no vat vat_number tin no_npwp nomor_npwp npwp_perusahaan nomor_pokok_wajib_pajak'
        ),
        ('leads', 'country', 'country_name nation negara'),
        ('leads', 'lead_date', 'date inquiry_date enquiry_date received_date tanggal tanggal_lead tgl tgl_lead tanggal_masuk'),
        ('leads', 'route', 'trade_lane lane rute jalur trayek'),
        ('leads', 'est_volume_value', 'volume estimated_volume est_volume quantity qty volume_value perkiraan_volume jumlah estimasi_volume'),
        ('leads', 'est_volume_unit', 'volume_unit unit uom satuan satuan_volume'),
        ('leads', 'timeline', 'time_line timeframe time_frame schedule jadwal waktu perkiraan_waktu'),
        ('leads', 'sourced_by', 'sourcedby lead_owner_side sumber_tim'),
        ('leads', 'campaign_name', 'campaign kampanye nama_kampanye'),
        ('leads', 'notes', 'note remark remarks comment comments description catatan keterangan komentar deskripsi'),
        ('leads', 'next_step', 'next_action action follow_up langkah_berikutnya tindak_lanjut'),
        ('leads', 'due_date', 'due deadline next_step_date tenggat batas_waktu jatuh_tempo tanggal_tindak_lanjut'),
        (
            'customers', 'company_name',
            'company companies account account_name client client_name customer customer_name perusahaan '
            'nama_perusahaan nama_pt pt pelanggan nama_pelanggan instansi'
        ),
        (
            'customers', 'pic_name',
            'pic contact contact_name contact_person person_in_charge attention nama_pic nama_kontak kontak '
            'penanggung_jawab narahubung'
        ),
        (
            'customers', 'pic_phone',
            'phone phone_number telephone tel mobile whatsapp wa contact_phone telepon telpon telp no_telepon '
            'no_telp no_hp hp handphone nomor_hp no_wa'
        ),
        ('customers', 'pic_email', 'email e_mail mail email_address contact_email surel alamat_email'),
        ('customers', 'npwp', 'tax_id tax_number tax_no vat vat_number tin no_npwp nomor_npwp'),
        ('customers', 'address', 'street_address office_address alamat alamat_kantor'),
        ('customers', 'city', 'city_area town kota wilayah kabupaten kota_kabupaten'),
        ('customers', 'country', 'country_name nation negara'),
        (
            'contacts', 'full_name',
            'name contact contact_name contact_person pic pic_name nama nama_lengkap nama_kontak nama_pic '
            'narahubung'
        ),
        ('contacts', 'customer_id', 'customer_code customer_no id_customer kode_customer kode_pelanggan id_pelanggan'),
        ('contacts', 'npwp', 'tax_id tax_number tax_no vat vat_number tin no_npwp nomor_npwp'),
        (
            'contacts', 'company_name',
            'company companies account account_name client client_name customer customer_name perusahaan '
            'nama_perusahaan nama_pt pt pelanggan nama_pelanggan instansi'
        ),
        ('contacts', 'email', 'e_mail mail email_address pic_email surel alamat_email'),
        ('contacts', 'phone', 'phone_number telephone tel pic_phone telepon telpon telp no_telepon no_telp'),
        ('contacts', 'mobile', 'mobile_phone mobile_number cell whatsapp wa no_hp hp handphone nomor_hp no_wa ponsel'),
        ('contacts', 'title', 'job_title position role jabatan posisi'),
        ('contacts', 'department', 'dept division departemen divisi bagian'),
        ('contacts', 'notes', 'note remark remarks comment comments description catatan keterangan'),
        ('invoices', 'invoice_date', 'date tanggal tgl tanggal_invoice tgl_invoice tanggal_faktur tgl_faktur'),
        ('invoices', 'due_date', 'due deadline jatuh_tempo tanggal_jatuh_tempo tgl_jatuh_tempo tempo'),
        (
            'invoices', 'invoice_amount',
            'amount total total_amount jumlah nilai nominal nilai_invoice total_invoice jumlah_tagihan tagihan'
        ),
        ('invoices', 'customer_id', 'customer_code customer_no id_customer kode_customer kode_pelanggan id_pelanggan'),
        ('invoices', 'npwp', 'tax_id tax_number tax_no vat vat_number tin no_npwp nomor_npwp'),
        (
            'invoices', 'company_name',
            'company companies account account_name client client_name customer customer_name perusahaan '
            'nama_perusahaan nama_pt pt pelanggan nama_pelanggan instansi'
        ),
        ('invoices', 'currency', 'currency_code mata_uang valuta'),
        (
            'invoices', 'external_no',
            'invoice_no invoice_number invoice no_invoice nomor_invoice no_faktur nomor_faktur faktur number'
        ),
        ('invoices', 'notes', 'note remark remarks comment comments description catatan keterangan'),
        (
            'payments', 'invoice_id',
            'invoice invoice_no invoice_number external_no no_invoice nomor_invoice no_faktur nomor_faktur faktur'
        ),
        (
            'payments', 'payment_date',
            'date paid_on paid_at tanggal tgl tanggal_bayar tgl_bayar tanggal_pembayaran tgl_pembayaran'
        ),
        (
            'payments', 'amount',
            'payment_amount paid paid_amount total jumlah nominal nilai jumlah_bayar jumlah_pembayaran'
        ),
        ('payments', 'payment_method', 'method metode cara_bayar metode_pembayaran metode_bayar'),
        (
            'payments', 'reference_no',
            'reference reference_number ref ref_no payment_reference referensi no_referensi nomor_referensi '
            'no_ref'
        ),
        ('payments', 'notes', 'note remark remarks comment comments description catatan keterangan'),
        ('marketing_spend', 'channel', 'primary_channel platform source kanal saluran sumber'),
        ('marketing_spend', 'spend_date', 'date day tanggal tgl tanggal_belanja'),
        ('marketing_spend', 'amount', 'spend cost costs amount_spent biaya belanja jumlah nominal'),
        ('marketing_spend', 'campaign_name', 'campaign kampanye nama_kampanye'),
        ('marketing_spend', 'notes', 'note remark remarks comment comments description catatan keterangan'),
        ('marketing_activities', 'activity_name', 'activity name kegiatan nama_kegiatan aktivitas'),
        ('marketing_activities', 'activity_date', 'date day tanggal tgl tanggal_kegiatan'),
        ('marketing_activities', 'quantity', 'qty count number amount jumlah banyaknya'),
        ('marketing_activities', 'channel', 'primary_channel platform kanal saluran'),
        ('marketing_activities', 'notes', 'note remark remarks comment comments description catatan keterangan'),
        ('kpi_entries', 'metric_key', 'metric kpi kpi_key indicator metrik indikator'),
        ('kpi_entries', 'entry_date', 'date day tanggal tgl'),
        ('kpi_entries', 'value', 'actual result nilai hasil capaian realisasi'),
        ('kpi_entries', 'assignee', 'user user_code user_id assignee_user_id person staff owner pic petugas penanggung_jawab'),
        ('kpi_entries', 'notes', 'note remark remarks comment comments description catatan keterangan'),
        -- A real name is never the key (spec: member §3.5).
        (
            'member_records', 'username',
            'user_name user userid user_id id customer_id id_customer member member_id no_member account'
        ),
        ('member_records', 'name', 'nama nama_lengkap full_name fullname customer_name customer'),
        (
            'member_records', 'phone',
            'telpon telepon telp no_telp phone_number telephone no_hp hp nomor whatsapp wa no_wa nomor_hp handphone'
        )
),
spelled as (
    select w.module, s.synonym, w.column_name
    from wanted w
    cross join lateral regexp_split_to_table(w.synonyms, ' ') as s (synonym)
),
removed as (
    delete from ingest.column_synonyms t
    where not exists (select from spelled w where w.module = t.module and w.synonym = t.synonym)
)
insert into ingest.column_synonyms (module, synonym, column_name)
select * from spelled
on conflict (module, synonym) do update set column_name = excluded.column_name;
